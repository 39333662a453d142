import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { costOf, defaultPrices } from "../../EphemeralAgentTask/src/report/cost-estimate.ts";
import { repository } from "../../scripts/build/bundle.ts";
import { inputAnchor, inputsPage } from "../../scripts/docs/inputs-page.ts";
import { taskManifest, textOf } from "../package/manifests.ts";
import { pages } from "./pages.ts";

describe("The page of the inputs", () => {
  it("has the inputs and outputs that task.json declares (npx tsx scripts/docs/inputs-page.ts writes it)", () => {
    assert.equal(textOf("docs/inputs.md"), inputsPage(taskManifest));
  });

  it("would be found out of date", () => {
    const other = { ...taskManifest, outputVariables: [{ name: "color", description: "of the agent" }] };
    assert.notEqual(textOf("docs/inputs.md"), inputsPage(other));
  });

  it("has a place of its own for each input", () => {
    const anchors = anchorsOf("docs/inputs.md");
    for (const input of taskManifest.inputs) assert.ok(anchors.includes(inputAnchor(input)), input.name);
    assert.equal(new Set(anchors).size, anchors.length);
  });
});

describe("The README", () => {
  const prose = textOf("README.md")
    .replace(/^```yaml\n.*?^```$/gms, "")
    .replace(/<[^>]+>/g, " ")
    .replace(/\]\([^)]*\)/g, "]");

  it("has at most 1,300 words, without the YAML", () => {
    const words = prose.split(/\s+/).filter((word) => /\w/.test(word));
    assert.ok(words.length <= 1_300, `${words.length} words`);
  });

  it("says what it is, when not to use it, how to start, what it costs and whether it is safe, in this order", () => {
    const headings = ["When to use it, and when not", "Quick start", "Rights", "What it costs", "Security"];
    const places = headings.map((heading) => prose.indexOf(`\n## ${heading}\n`));
    assert.ok(!places.includes(-1), JSON.stringify(places));
    assert.deepEqual(
      places,
      places.toSorted((one, other) => one - other),
    );
  });

  it("estimates a run by the prices that the task estimates it by", () => {
    const size = { cpu: 1, memoryInGB: 2 };
    const { amount } = costOf(size, 300, defaultPrices);
    const { vcpuHour, gbHour } = defaultPrices;
    assert.ok(prose.includes(`| ${amount.toFixed(3)} (vCPU hour ${vcpuHour}, GB hour ${gbHour}) |`), String(amount));
    assert.ok(textOf("overview.md").includes(`about ${(amount * 100).toFixed(1)} US cents`));
  });

  it("starts with a pipeline of at most 20 lines", () => {
    const [, yaml = ""] = /^```yaml\n(.*?)^```$/ms.exec(textOf("README.md")) ?? [];
    assert.ok(yaml !== "" && yaml.trim().split("\n").length <= 20);
  });
});

/** The anchors of a page, as they are made of its headings. */
function anchorsOf(path: string): string[] {
  const text = textOf(path).replace(/^```.*?^```$/gms, "");
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Where a page's links and pictures lead: paths, with an anchor behind `#`. */
function linksOf(page: string): string[] {
  const text = textOf(page);
  const inMarkdown = [...text.matchAll(/\]\((?!https?:)([^)]+)\)/g)];
  const inHtml = [...text.matchAll(/ (?:src|srcset)="(?!https?:)([^"]+)"/g)];
  return [...inMarkdown, ...inHtml].map(([, link = ""]) => link);
}

describe("The documentation", () => {
  for (const page of pages) {
    it(`links from ${page} only to what there is`, () => {
      const broken = linksOf(page).filter((link) => {
        const [path = "", anchor] = link.split("#");
        const target = path === "" ? page : join(page, "..", path);
        if (!existsSync(join(repository, target))) return true;
        return anchor !== undefined && !anchorsOf(target).includes(anchor);
      });
      assert.deepEqual(broken, []);
    });
  }

  it("is found from its index, page by page", () => {
    const linked = linksOf("docs/README.md");
    const missing = readdirSync(join(repository, "docs")).filter(
      (name) => name !== "README.md" && !linked.includes(name),
    );
    assert.deepEqual(missing, []);
  });
});
