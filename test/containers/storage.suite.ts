import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ownValues } from "../../scripts/demo/prepare/sample-values.ts";
import { azuriteProgram } from "../../simulator/storage/install-azurite.ts";
import { pipelineIn } from "../task/scenario/pipeline-run.ts";
import { templateFiles } from "../templates/using.ts";
import { lab, logOf } from "./lab.ts";

const sample = new URL("../../samples/private-storage/azure-pipelines.yml", import.meta.url);

describe("a real container with an identity", () => {
  before(async function () {
    this.timeout(300_000);
    await azuriteProgram(console.log);
  });
  const opened = lab();

  const run = () => {
    const { simulator } = opened();
    const yaml = readFileSync(fileURLToPath(sample), "utf8");
    return pipelineIn(simulator, process.execPath, yaml, { files: templateFiles, variables: ownValues(simulator) });
  };

  it("deploys to the private storage account, as the sample does", async () => {
    const { storageAccount } = opened().simulator;
    const { id, done } = run();
    const report = await done;
    assert.equal(report.result, "succeeded", logOf(report, "deploy_app"));
    const content = (await storageAccount.blobs("deployments")).get("release.json")?.toString() ?? "";
    assert.equal(JSON.parse(content).build, String(id));
    opened().assertNothingLeft();
  });

  it("deploys nothing when the identity lacks the role", async () => {
    const { simulator } = opened();
    const principalId = simulator.arm.identities.find(simulator.storageIdentityId())?.objectId ?? "";
    const kept = simulator.arm.access.of(principalId).filter(({ role }) => role.Name === "AcrPull");
    simulator.arm.access.revoke(principalId);
    for (const assignment of kept) simulator.arm.access.assign(assignment);
    const report = await run().done;
    assert.match(logOf(report, "deploy_app"), /AuthorizationPermissionMismatch/);
    assert.equal(report.jobs.deploy_app?.result, "failed");
    assert.equal((await simulator.storageAccount.blobs("deployments")).size, 0);
    opened().assertNothingLeft();
  });
});
