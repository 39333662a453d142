// The bench as a picture: what each way takes until its agent is online, and until nothing is left, in a light and a dark version.
import { pageColors, type Theme } from "../pictures/theme.ts";
import type { ConditionResult } from "./conditions.ts";

const colors = {
  light: { ...pageColors.light, line: "#d0d7de", online: "#0969da", gone: "#8ebff0" },
  dark: { ...pageColors.dark, line: "#30363d", online: "#58a6ff", gone: "#24527f" },
} as const;

const left = 250;
const width = 860;
const rowHeight = 52;
const top = 64;

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

const seconds = (ms: number): string => `${(ms / 1000).toFixed(ms < 9_950 ? 1 : 0)} s`;

/**
 * @param result of one condition: its first way is the one that the others are held against
 * @returns the text of an SVG file
 */
export function chart({ condition, rounds, ways }: ConditionResult, theme: Theme): string {
  const { page, ink, muted, line, online, gone } = colors[theme];
  const height = top + ways.length * rowHeight + 36;
  const longest = Math.max(...ways.map(({ median }) => median.gone));
  const scale = (ms: number): number => Math.round((ms / longest) * (width - left - 90));
  const text = (x: number, y: number, content: string, fill: string = ink, more = ""): string =>
    `<text x="${x}" y="${y}" fill="${fill}"${more}>${escaped(content)}</text>`;
  const bar = (y: number, ms: number, fill: string): string[] => [
    `<rect x="${left}" y="${y}" width="${Math.max(2, scale(ms))}" height="16" rx="2" fill="${fill}"/>`,
    text(left + scale(ms) + 8, y + 13, seconds(ms), muted, ' font-size="12"'),
  ];
  const rows = ways.flatMap(({ way, median }, index) => {
    const y = top + index * rowHeight;
    return [
      text(left - 14, y + 22, way, ink, ' text-anchor="end"'),
      ...bar(y, median.online, online),
      ...bar(y + 19, median.gone, gone),
    ];
  });
  const said = ways.map(
    ({ way, median }) => `${way}: online after ${seconds(median.online)}, all gone after ${seconds(median.gone)}`,
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="Segoe UI, Helvetica, Arial, sans-serif" font-size="14" role="img" aria-labelledby="title description">`,
    '<title id="title">From the start of the step: the agent online, and nothing left</title>',
    `<desc id="description">${escaped(said.join("; "))}.</desc>`,
    `<rect width="${width}" height="${height}" fill="${page}"/>`,
    text(20, 28, "From the start of the step", ink, ' font-weight="600"'),
    `<rect x="${left}" y="17" width="14" height="14" rx="2" fill="${online}"/>`,
    text(left + 22, 29, "agent online", muted),
    `<rect x="${left + 130}" y="17" width="14" height="14" rx="2" fill="${gone}"/>`,
    text(left + 152, 29, "job done, agent and container gone", muted),
    `<line x1="${left}" y1="${top - 10}" x2="${left}" y2="${height - 34}" stroke="${line}"/>`,
    ...rows,
    text(20, height - 12, `Simulator, ${condition}; medians of ${rounds} rounds.`, muted, ' font-size="12"'),
    "</svg>",
  ].join("\n")}\n`;
}
