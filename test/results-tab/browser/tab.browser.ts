// The tab in a real browser, inside a page that speaks the SDK's handshake.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Frame, Page } from "playwright-core";
import { repository } from "../../../scripts/build/bundle.ts";
import { stories } from "../stories.ts";
import { openChromium } from "./chromium.ts";
import { type HostPage, hostPage, themes } from "./host-page.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pictures = join(repository, "dist/screenshots");

describe("The tab on a run's results", () => {
  let browser: Browser;
  let host: HostPage;
  let page: Page;

  before(async () => {
    mkdirSync(pictures, { recursive: true });
    browser = await openChromium();
    host = await hostPage();
  });

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
  });

  afterEach(() => page.close());

  after(async () => {
    await browser?.close();
    await host?.close();
  });

  /** Opens the page and waits until the tab says that it is there. */
  async function open(part: Parameters<HostPage["show"]>[0]): Promise<Frame> {
    host.show(part);
    await page.goto(host.url);
    await page.waitForSelector("body[data-loaded=true]", { state: "attached" });
    const frame = page.frames().find((one) => one.url().includes("/tab/"));
    assert.ok(frame);
    return frame;
  }

  async function violations(frame: Frame): Promise<string[]> {
    await frame.evaluate(axe);
    const found = await frame.evaluate("axe.run({ resultTypes: ['violations'] })");
    const { violations: all } = found as { violations: { id: string; nodes: { html: string }[] }[] };
    return all.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`));
  }

  for (const [name, records] of Object.entries(stories))
    for (const theme of Object.keys(themes) as (keyof typeof themes)[])
      it(`shows ${name} in the ${theme} theme without a barrier (axe)`, async () => {
        const frame = await open({ records, theme });
        for (const details of await frame.locator("details").all())
          await details.evaluate("(one) => { one.open = true; }");
        assert.deepEqual(await violations(frame), []);
        await page.screenshot({ path: join(pictures, `tab-${name}-${theme}.png`) });
      });

  it("runs nothing of what is hostile, and shows it as text", async () => {
    const frame = await open({ records: stories.hostile ?? [] });
    assert.equal(await frame.evaluate("typeof window.harmed"), "undefined");
    assert.equal(await frame.locator("img, a").count(), 0);
    const text = await frame.locator("main").innerText();
    assert.ok(text.includes("<script>window.harmed=1</script>"));
    assert.ok(!text.includes("\u202e") && !text.includes("\u0007"));
  });

  it("tells of each bar that has the focus, by keyboard alone", async () => {
    const frame = await open({ records: stories.success ?? [] });
    const heard: string[] = [];
    for (const _ of await frame.locator(".bar").all()) {
      await page.keyboard.press("Tab");
      if ((await frame.locator(".bar:focus").count()) === 0) await page.keyboard.press("Tab");
      heard.push(await frame.locator("[role=status]").innerText());
    }
    assert.match(heard.join("\n"), /Starting the container: 17 s, from 35 s to 52 s of the run/);
    assert.match(heard.join("\n"), /Running the job: 1 min 23 s/);
    assert.equal(new Set(heard).size, heard.length);
  });

  it("opens the log by keyboard alone", async () => {
    const frame = await open({ records: stories.failure ?? [] });
    const summary = frame.getByText("End of the log of");
    await summary.focus();
    await page.keyboard.press("Enter");
    assert.ok(await frame.getByText("no agent in the image").isVisible());
  });

  it("asks the organization alone, as the person who looks at it", async () => {
    await open({ records: stories.success ?? [] });
    assert.deepEqual(host.asked.toSorted(), [
      "GET /contoso/attachment/0",
      "GET /contoso/shop/_apis/build/builds/42",
      "GET /contoso/shop/_apis/build/builds/42/attachments/ephemeral-agent",
    ]);
  });

  it("says why when there is nothing to show, or nothing that can be read", async () => {
    assert.match(await (await open({ records: [] })).locator("main").innerText(), /left a report in this run/);
    assert.match(
      await (await open({ records: [{ version: 2 }] })).locator("main").innerText(),
      /1 report of this run cannot be read/,
    );
    assert.match(
      await (await open({ running: true })).locator("main").innerText(),
      /No step of EphemeralAgent@1 has ended yet/,
    );
    assert.match(await (await open({ status: 403 })).locator("main").innerText(), /answered 403/);
  });

  it("is no wider than the page, whatever the names are", async () => {
    const frame = await open({ records: stories.long ?? [] });
    assert.equal(
      await frame.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"),
      false,
    );
  });
});
