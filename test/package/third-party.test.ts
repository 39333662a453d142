import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundledPackages, harmfulDuplicates, licenseText } from "../../scripts/build/third-party-licenses.ts";
import { textOf } from "./manifests.ts";

const metafile = (...paths: string[]) => ({
  inputs: Object.fromEntries(paths.map((path) => [path, { bytes: 1, imports: [] }])),
  outputs: {},
});

describe("The packages in the bundles", () => {
  it("are found by the files that were bundled, wherever they are installed", () => {
    const found = bundledPackages(
      metafile(
        "EphemeralAgentTask/src/main.ts",
        "node_modules/jose/dist/a.js",
        "node_modules/jose/dist/b.js",
        "node_modules/@azure/identity/node_modules/@azure/core-auth/index.js",
      ),
    );
    assert.deepEqual(found, [
      { name: "@azure/core-auth", root: "node_modules/@azure/identity/node_modules/@azure/core-auth" },
      { name: "jose", root: "node_modules/jose" },
    ]);
  });

  it("may be there twice only when they keep no state", () => {
    const packages = bundledPackages(
      metafile(
        "node_modules/semver/a.js",
        "node_modules/x/node_modules/semver/a.js",
        "node_modules/azure-pipelines-task-lib/task.js",
        "node_modules/x/node_modules/azure-pipelines-task-lib/task.js",
      ),
    );
    assert.deepEqual(harmfulDuplicates(packages), [
      "azure-pipelines-task-lib: node_modules/azure-pipelines-task-lib, node_modules/x/node_modules/azure-pipelines-task-lib",
    ]);
  });

  it("have their licenses beside the bundles", () => {
    const text = textOf("dist/EphemeralAgentTask/third-party-licenses.txt");
    for (const name of ["@azure/identity", "@azure/arm-containerinstance", "azure-pipelines-task-lib"]) {
      assert.match(text, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(MIT\\)\\n\\n.*Permission is hereby granted`, "ms"));
    }
  });

  it("are refused without a license", () => {
    const folder = mkdtempSync(join(tmpdir(), "license-"));
    mkdirSync(join(folder, "node_modules/nobodys"), { recursive: true });
    writeFileSync(join(folder, "node_modules/nobodys/package.json"), '{ "version": "1.0.0" }');
    const packages = [{ name: "nobodys", root: "node_modules/nobodys" }];
    assert.throws(() => licenseText(folder, packages, ""), /nobodys names no license/);
    rmSync(folder, { recursive: true });
  });
});
