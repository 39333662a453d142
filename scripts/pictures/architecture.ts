// Draws the picture of docs/architecture.md from images/architecture.txt, in a light and a dark version.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../build/bundle.ts";
import { pageColors, type Theme } from "./theme.ts";

const colors = {
  light: { ...pageColors.light, line: "#8c959f", task: "#0969da", beside: "#1a7f37" },
  dark: { ...pageColors.dark, line: "#6e7681", task: "#58a6ff", beside: "#56d364" },
} as const;

const width = 960;
const rowHeight = 76;
const boxHeight = 50;
const taskWidth = 540;
const gap = 12;

const boxesOf = (text = ""): string[] =>
  text
    .split("|")
    .map((box) => box.trim())
    .filter((box) => box !== "");

/** @returns the text of an SVG file */
export function architectureDiagram(theme: Theme): string {
  const { page, ink, muted, line, task, beside } = colors[theme];
  const rows = readFileSync(join(repository, "images/architecture.txt"), "utf8")
    .split("\n")
    .filter((row) => row !== "" && !row.startsWith("#"))
    .map((row) => ({ boxes: row.split(/\|\|>?/).map(boxesOf), leads: row.includes("||>") }));
  const height = rows.length * rowHeight + 70;
  const top = (row: number) => 50 + row * rowHeight;
  const box = (text: string, x: number, y: number, wide: number, stroke: string): string[] => {
    const [title = "", about] = text.split(": ");
    const middle = x + wide / 2;
    return [
      `<rect x="${x}" y="${y}" width="${wide}" height="${boxHeight}" rx="8" fill="${page}" stroke="${stroke}" stroke-width="1.5"/>`,
      `<text x="${middle}" y="${y + (about ? 21 : 30)}" fill="${ink}" font-weight="600" text-anchor="middle">${title}</text>`,
      ...(about
        ? [`<text x="${middle}" y="${y + 39}" fill="${muted}" font-size="12" text-anchor="middle">${about}</text>`]
        : []),
    ];
  };
  const spread = (boxes: string[], row: number, from: number, wide: number, stroke: string): string[] => {
    const each = (wide - gap * (boxes.length - 1)) / boxes.length;
    return boxes.flatMap((text, index) => box(text, from + index * (each + gap), top(row), each, stroke));
  };
  const arrow = (row: number): string =>
    `<line x1="${20 + taskWidth / 2}" y1="${top(row) + boxHeight}" x2="${20 + taskWidth / 2}" y2="${top(row + 1) - 3}" stroke="${line}" stroke-width="2" marker-end="url(#arrow)"/>`;
  const right = taskWidth + 60;
  const across = (row: number): string =>
    `<line x1="${20 + taskWidth}" y1="${top(row) + boxHeight / 2}" x2="${right - 3}" y2="${top(row) + boxHeight / 2}" stroke="${line}" stroke-width="2" marker-end="url(#arrow)"/>`;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Segoe UI, Helvetica, Arial, sans-serif" font-size="14" role="img" aria-labelledby="title description">`,
    '<title id="title">How a step flows through the folders</title>',
    '<desc id="description">From inputs through settings, actions, lifecycle and ports to the services, and from there to the report. The simulator stands in for the services.</desc>',
    `<defs><marker id="arrow" markerUnits="userSpaceOnUse" markerWidth="9" markerHeight="9" refX="8" refY="4.5" orient="auto"><path d="M0 0 9 4.5 0 9z" fill="${line}"/></marker></defs>`,
    `<rect width="${width}" height="${height}" fill="${page}"/>`,
    `<text x="20" y="32" fill="${task}" font-weight="600">EphemeralAgentTask/src</text>`,
    `<text x="${right}" y="32" fill="${beside}" font-weight="600">simulator</text>`,
    ...rows.flatMap(({ boxes: [own = [], other = []], leads }, row) => [
      ...spread(own, row, 20, taskWidth, task),
      ...spread(other, row, right, width - right - 20, beside),
      ...(row + 1 < rows.length ? [arrow(row)] : []),
      ...(leads ? [across(row)] : []),
    ]),
    "</svg>",
  ].join("\n")}\n`;
}
