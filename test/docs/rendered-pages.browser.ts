// Every page of the documentation, rendered in a real browser at 1,000 pixels.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { repository } from "../../scripts/build/bundle.ts";
import { marketplacePage } from "../../scripts/package/overview.ts";
import { openChromium } from "../results-tab/browser/chromium.ts";
import { pages } from "./pages.ts";
import { rendered } from "./rendered-page.ts";

const pictures = join(repository, "dist/screenshots/pages");

describe("The documentation at 1,000 pixels", () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await openChromium();
    page = await browser.newPage({ viewport: { width: 1000, height: 800 } });
  });

  after(() => browser?.close());

  /** Shows a page from a file, so that its pictures are found. */
  async function show(name: string): Promise<string> {
    const path = join(repository, name);
    const text = readFileSync(path, "utf8");
    const flat = name.replaceAll("/", "-").replace(/\.md$/, "");
    const file = join(pictures, `${flat}.html`);
    writeFileSync(file, rendered(path, name === "overview.md" ? marketplacePage(text, undefined) : text));
    await page.goto(pathToFileURL(file).href);
    return join(pictures, `${flat}.png`);
  }

  for (const name of pages)
    it(`shows every table of ${name} in full, and every picture`, async () => {
      const picture = await show(name);
      const cut = await page.evaluate(
        "[...document.querySelectorAll('table')].filter((one) => one.scrollWidth > one.clientWidth + 1).map((one) => one.rows[0].innerText + ' ' + one.scrollWidth)",
      );
      assert.deepEqual(cut, []);
      const missing = await page.evaluate(
        "[...document.images].filter((one) => one.naturalWidth === 0).map((one) => one.getAttribute('src'))",
      );
      assert.deepEqual(missing, []);
      await page.screenshot({ path: picture, fullPage: true });
    });
});
