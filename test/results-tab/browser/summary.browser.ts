// The summary that steps add to their run, rendered in a real browser: no barrier, and nothing of what is hostile runs.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { marked } from "marked";
import type { Browser, Page } from "playwright-core";
import type { StepRecord } from "../../../EphemeralAgentTask/src/report/step-record.ts";
import { markdownOf } from "../../../EphemeralAgentTask/src/report/summary-page.ts";
import { repository } from "../../../scripts/build/bundle.ts";
import { stories } from "../stories.ts";
import { openChromium } from "./chromium.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = join(repository, "dist/screenshots");

/** Of what steps write; `nonsense` is what only the tab has to stand, which reads attachments of anybody. */
const written = Object.entries(stories).flatMap(([name, records]) =>
  name === "nonsense" ? [] : [[name, records as readonly StepRecord[]] as const],
);

/** Text, background, lines and code of the results page. */
const themes = {
  light: ["#1f1f1f", "#ffffff", "#c8c6c4", "#f3f2f1"],
  dark: ["#f3f2f1", "#1b1a19", "#484644", "#323130"],
} as const;

/** The page around it: a heading of its own, and the summary of every step below it. */
function resultsPage(markdown: string, theme: keyof typeof themes): string {
  const [text, background, line, code] = themes[theme];
  const style = `body{margin:24px;font:14px/1.5 "Segoe UI","Noto Sans",sans-serif;color:${text};background:${background}}
table{border-collapse:collapse}th,td{padding:4px 12px;border:1px solid ${line};text-align:left}
code,pre{font:13px/1.4 "DejaVu Sans Mono",monospace;background:${code}}pre{padding:12px;overflow:auto}
blockquote{margin:0;padding-left:12px;border-left:3px solid ${line}}`;
  const content = marked.parse(markdown, { async: false });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Run</title><style>${style}</style><main><h1>Run</h1>${content}</main></html>`;
}

describe("The summary of a run", () => {
  let browser: Browser;
  let page: Page;

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await openChromium();
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  });
  after(() => browser?.close());

  async function show(records: readonly StepRecord[], theme: keyof typeof themes): Promise<void> {
    const markdown = records.map(markdownOf).join("\n");
    await page.setContent(resultsPage(markdown, theme));
    for (const details of await page.locator("details").all()) await details.evaluate("(one) => { one.open = true; }");
  }

  for (const [name, records] of written)
    for (const theme of Object.keys(themes) as (keyof typeof themes)[])
      it(`shows ${name} in the ${theme} theme without a barrier (axe)`, async () => {
        await show(records, theme);
        await page.evaluate(axe);
        const found = await page.evaluate("axe.run({ resultTypes: ['violations'] })");
        const { violations } = found as { violations: { id: string; nodes: { html: string }[] }[] };
        assert.deepEqual(
          violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
          [],
        );
        await page.screenshot({ path: join(pictures, `summary-${name}-${theme}.png`), fullPage: true });
      });

  it("runs nothing of what is hostile, and shows it as text", async () => {
    await show(Object.fromEntries(written).hostile ?? [], "light");
    assert.equal(await page.evaluate("typeof window.harmed"), "undefined");
    assert.equal(await page.locator("img, a, script, iframe").count(), 0);
    assert.ok((await page.locator("main").innerText()).includes("<script>window.harmed=1</script>"));
  });
});
