// The diagram of who talks to whom, in a light and a dark version.

import { pageColors, type Theme } from "./theme.ts";

interface Colors {
  readonly page: string;
  readonly ink: string;
  readonly muted: string;
  readonly line: string;
  readonly network: string;
  readonly task: string;
  readonly agent: string;
}

const colors: Readonly<Record<Theme, Colors>> = {
  light: {
    ...pageColors.light,
    line: "#8c959f",
    network: "#ddf4ff",
    task: "#0969da",
    agent: "#1a7f37",
  },
  dark: {
    ...pageColors.dark,
    line: "#6e7681",
    network: "#12243a",
    task: "#58a6ff",
    agent: "#56d364",
  },
};

const description =
  "The task registers an agent in Azure DevOps and creates a container group in a delegated subnet. The agent in it asks Azure DevOps for its one job through a NAT gateway, and the job reaches private endpoints of the virtual network. Nothing connects into the subnet.";

const background = (fill: string): string => `<rect width="960" height="400" fill="${fill}"/>`;

const marker = (id: string, fill: string): string =>
  `<marker id="${id}" markerWidth="9" markerHeight="9" refX="8" refY="4.5" orient="auto"><path d="M0 0 9 4.5 0 9z" fill="${fill}"/></marker>`;

/** @returns the text of an SVG file */
export function networkDiagram(theme: Theme): string {
  const { page, ink, muted, line, network, task, agent } = colors[theme];
  const box = (x: number, y: number, width: number, height: number, fill: string, stroke: string, more = ""): string =>
    `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="8" fill="${fill}" stroke="${stroke}" stroke-width="1.5"${more}/>`;
  const text = (x: number, y: number, content: string, fill = ink, more = ""): string =>
    `<text x="${x}" y="${y}" fill="${fill}"${more}>${content}</text>`;
  const arrow = (points: string, stroke: string): string =>
    `<polyline points="${points}" fill="none" stroke="${stroke}" stroke-width="2" marker-end="url(#${stroke === task ? "task" : "agent"})"/>`;
  const [bold, small, middle, dashed] = [
    ' font-weight="600"',
    ' font-size="13"',
    ' text-anchor="middle"',
    ' stroke-dasharray="6 4"',
  ];
  const targets = ["web app", "storage account", "database"].flatMap((name, index) => [
    box(740, 146 + index * 62, 168, 44, page, line),
    text(824, 173 + index * 62, name, ink, middle),
  ]);
  return `${[
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 400" width="960" height="400" font-family="Segoe UI, Helvetica, Arial, sans-serif" font-size="14" role="img" aria-labelledby="title description">',
    '<title id="title">Who talks to whom</title>',
    `<desc id="description">${description}</desc>`,
    `<defs>${marker("task", task)}${marker("agent", agent)}</defs>`,
    background(page),
    box(20, 40, 250, 110, page, line),
    text(36, 66, "Azure DevOps", ink, bold),
    text(36, 92, "agent pool: one record per agent", muted),
    text(36, 114, "queue: your deploy job", muted),
    box(20, 250, 250, 110, page, line),
    text(36, 276, "Microsoft-hosted machine", ink, bold),
    text(36, 302, "EphemeralAgent@1", muted),
    text(36, 324, "creates, watches, removes", muted),
    box(440, 40, 500, 320, network, task),
    text(456, 66, "Your virtual network", ink, bold),
    box(456, 84, 216, 260, page, line, dashed),
    text(472, 108, "Subnet for containers"),
    text(472, 128, "delegated, nothing comes in", muted, small),
    box(472, 146, 184, 44, page, line),
    text(564, 173, "NAT gateway", ink, middle),
    box(472, 220, 184, 110, page, task),
    text(488, 246, "Container group", ink, bold),
    text(488, 270, "one agent, one job", muted),
    text(488, 292, "no key inside", muted),
    text(488, 314, "gone after the job", muted),
    box(724, 84, 200, 260, page, line, dashed),
    text(740, 108, "What you deploy to"),
    text(740, 128, "no public address", muted, small),
    ...targets,
    arrow("110,250 110,152", task),
    text(120, 206, "1 register, 5 unregister", task, small),
    arrow("270,316 468,316", task),
    text(284, 306, "2 create, 5 delete", task, small),
    arrow("564,220 564,192", agent),
    arrow("472,168 360,168 360,95 272,95", agent),
    text(282, 86, "3 ask for the job", agent, small),
    text(368, 140, "port 443", agent, small),
    arrow("656,275 736,275", agent),
    text(662, 264, "4 deploy", agent, small),
    text(20, 388, "The numbers say the order. Every arrow begins at the side that opens the connection.", muted, small),
    "</svg>",
  ].join("\n")}\n`;
}
