// What makes the Marketplace's page and the package out of files of the repository.
import assert from "node:assert/strict";
import { bumped, versionedFiles } from "../../scripts/bump.ts";
import { packageOptions } from "../../scripts/package/options.ts";
import { marketplacePage } from "../../scripts/package/overview.ts";
import { pageOf } from "../../scripts/package/repository.ts";
import { textOf } from "../package/manifests.ts";
import { deadText } from "./dead-text.ts";

const page = `![picture](images/a.png) [Learn](https://learn.microsoft.com/a)

<!-- with a repository -->
See the [guide](docs/guide.md#start).
<!-- end -->
`;

describe("The Marketplace's page", () => {
  it("leads to the repository where there is one", () => {
    assert.equal(
      marketplacePage(page, "https://github.com/contoso/agents"),
      `![picture](images/a.png) [Learn](https://learn.microsoft.com/a)

See the [guide](https://github.com/contoso/agents/blob/main/docs/guide.md#start).
`,
    );
  });

  it("leaves out what needs a repository where there is none", () => {
    assert.ok(!marketplacePage(page, undefined).includes("guide"));
  });

  it("is not made with a link that leads nowhere", () => {
    assert.throws(() => marketplacePage("[guide](docs/guide.md)", undefined), /\[guide\] leads nowhere/);
  });

  it("knows how Azure Repos shows a file", () => {
    assert.equal(
      pageOf("https://dev.azure.com/contoso/shop/_git/agents", "docs/inputs.md#memory"),
      "https://dev.azure.com/contoso/shop/_git/agents?path=/docs/inputs.md&version=GBmain&anchor=memory",
    );
  });

  it("would be found with dead text", () => {
    for (const dead of [
      "Clone it and type",
      "See the table below.",
      "Click [here](docs/a.md).",
      "![picture](images/not-there.png)",
      "[a reference][1]",
      "<!-- a comment -->",
    ])
      assert.notDeepEqual(deadText(dead, ["images/a.png"]), [], dead);
    assert.deepEqual(deadText("![a](images/a.png), in a clone of [it](https://example.com/a)", ["images/a.png"]), []);
  });
});

describe("The options of a package", () => {
  it("take the address of a repository as people copy it", () => {
    for (const copied of [
      "https://github.com/contoso/agents",
      "https://github.com/contoso/agents.git",
      "https://github.com/contoso/agents/",
    ])
      assert.equal(packageOptions(["--repository", copied]).repository, "https://github.com/contoso/agents");
  });
});

describe("A bump of the version", () => {
  it("reaches every file that names it", () => {
    for (const path of versionedFiles) {
      const text = bumped(path, textOf(path), "23.45.67");
      assert.notEqual(text, textOf(path), path);
      assert.equal(bumped(path, text, "23.45.67"), text, `${path} once more`);
    }
    const { version, packages } = JSON.parse(bumped("package-lock.json", textOf("package-lock.json"), "23.45.67"));
    assert.deepEqual([version, packages[""].version], ["23.45.67", "23.45.67"]);
    const task = JSON.parse(bumped("EphemeralAgentTask/task.json", textOf("EphemeralAgentTask/task.json"), "23.45.67"));
    assert.deepEqual(task.version, { Major: 23, Minor: 45, Patch: 67 });
    assert.match(bumped("CHANGELOG.md", textOf("CHANGELOG.md"), "23.45.67"), /^## 23\.45\.67 /m);
  });

  it("refuses what is no version", () => {
    assert.throws(() => bumped("package.json", textOf("package.json"), "1.0"), /no version of the form X\.Y\.Z/);
  });
});
