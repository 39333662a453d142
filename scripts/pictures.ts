// npm run pictures [-- network architecture tab demo]: the pictures of the documentation and of the Marketplace page, in images/, from runs in the simulator.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { openChromium } from "../test/results-tab/browser/chromium.ts";
import { hostPage } from "../test/results-tab/browser/host-page.ts";
import { repository } from "./build/bundle.ts";
import { architectureDiagram } from "./pictures/architecture.ts";
import { networkDiagram } from "./pictures/network.ts";
import { withPalette } from "./pictures/palette-png.ts";
import { simulatedRecords } from "./pictures/simulated-run.ts";
import { terminalPage } from "./pictures/terminal-page.ts";

const images = join(repository, "images");
const themes = ["light", "dark"] as const;
/** Bytes. A page with five pictures stays quick. */
const largestPicture = 150_000;
/** What the Marketplace asks of a screenshot, in pixels. */
const screenshot = { width: 1366, height: 768 };
const diagram = { width: 960, height: 400 };

async function take(page: Page, name: string): Promise<void> {
  const picture = withPalette(await page.screenshot());
  if (picture.length > largestPicture)
    throw new Error(`${name} has ${picture.length} bytes, more than ${largestPicture}.`);
  writeFileSync(join(images, name), picture);
  console.log(`images/${name}: ${picture.length} bytes`);
}

/** What the default demo prints into a file. */
function demoOutput(): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", "scripts/demo.ts"], {
    cwd: repository,
    encoding: "utf8",
    env: { ...process.env, SIM_ENGINE: "process" },
  });
  if (status !== 0) throw new Error(`The demo failed.\n${stdout}${stderr}`);
  return stdout;
}

async function pictureOfTerminal(browser: Browser): Promise<void> {
  const output = demoOutput();
  const page = await browser.newPage({ viewport: screenshot });
  for (const theme of themes) {
    await page.setContent(terminalPage(output, theme));
    await take(page, `demo-${theme}.png`);
  }
  await page.close();
}

async function pictureOfTab(browser: Browser): Promise<void> {
  const image = "contoso.azurecr.io/azure-pipelines-agent";
  const [run, failure] = await Promise.all([simulatedRecords(`${image}:latest`), simulatedRecords(`${image}:latst`)]);
  const host = await hostPage();
  const page = await browser.newPage({ viewport: screenshot });
  try {
    for (const theme of themes)
      for (const [name, records] of Object.entries({ run, failure })) {
        host.show({ records, theme });
        await page.goto(host.url);
        await page.waitForSelector("body[data-loaded=true]", { state: "attached" });
        await take(page, `${name}-${theme}.png`);
      }
  } finally {
    await page.close();
    await host.close();
  }
}

/** Files of both themes for the repository, and a picture for the Marketplace, which takes no SVG. */
async function pictureOfNetwork(browser: Browser): Promise<void> {
  for (const theme of themes) writeFileSync(join(images, `network-${theme}.svg`), networkDiagram(theme));
  const page = await browser.newPage({ viewport: diagram });
  await page.setContent(`<body style="margin:0">${networkDiagram("light")}</body>`);
  await take(page, "network.png");
  await page.close();
}

function pictureOfArchitecture(): void {
  for (const theme of themes) writeFileSync(join(images, `architecture-${theme}.svg`), architectureDiagram(theme));
}

const wanted = process.argv.slice(2);
const browser = await openChromium("--disable-lcd-text");
try {
  for (const [name, picture] of Object.entries({
    network: pictureOfNetwork,
    architecture: pictureOfArchitecture,
    tab: pictureOfTab,
    demo: pictureOfTerminal,
  }))
    if (wanted.length === 0 || wanted.includes(name)) await picture(browser);
} finally {
  await browser.close();
}
