// The set-up guide's last steps, on what its scripts made: the check, the first deployment, and taking it all away.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { folderFiles } from "../../simulator/runner/templates/files.ts";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { azuriteProgram } from "../../simulator/storage/install-azurite.ts";
import { pipelineIn } from "../task/bundle/run.ts";
import { type Az, openAz } from "./az.ts";

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const script = (name: string): string => file(`samples/setup/${name}.sh`);

/**
 * The simulator has one private storage account with data in it, and one network that leads there. The scripts make both
 * anew, under the names that it knows, in groups of their own.
 */
const names = { NETWORK_GROUP: "rg-network", PLATFORM_GROUP: "rg-shop", STORAGE_ACCOUNT: "shopdata" };

describe("the set-up guide, after its scripts", () => {
  let simulator: Simulator;
  let az: Az;
  let repository: string;

  /** A run of a file that the set-up wrote, from the repository that it was copied into. */
  const runOf = (name: string) => {
    const yaml = readFileSync(join(repository, name), "utf8")
      // Azure would have built the image now. In the simulator it is in another registry, from which not everybody may pull.
      .replace(/^( {2}agentImage:) .*$/m, `$1 ${simulator.ready.privateImage}`);
    const files = { self: folderFiles(repository), path: name, repository: () => undefined };
    return pipelineIn(simulator, process.execPath, yaml, { files });
  };

  before(async () => {
    await azuriteProgram(console.log);
    simulator = await startSimulator();
    az = await openAz(simulator);
    // The service connection has no right but what the scripts give it; the pool is as step 6 leaves it.
    simulator.arm.access.revoke(simulator.ready.clientObjectId);
    simulator.organization.setAutoUpdate(simulator.ready.pool, false);
    for (const name of ["rg-network", "rg-shop"]) await az.text("group", "delete", "--name", name, "--yes");
    repository = mkdtempSync(join(tmpdir(), "repository-"));
    await az.script(script("set-up"), { ...names, PIPELINES: repository });
    const [, agentIdentity = ""] =
      /^ {2}agentIdentity: (.*)$/m.exec(readFileSync(join(repository, "check.yml"), "utf8")) ?? [];
    const identity = ["identity", "show", "--ids", agentIdentity, "--query", "principalId"];
    await az.text(
      ...["role", "assignment", "create", "--role", "AcrPull", "--assignee-principal-type", "ServicePrincipal"],
      ...["--assignee-object-id", String(await az.json(...identity))],
      ...["--scope", String(await az.json("acr", "show", "--name", "contosoagents", "--query", "id"))],
    );
  });
  after(async () => {
    az?.close();
    await simulator?.stop();
    rmSync(repository, { recursive: true, force: true });
  });

  it("writes a check that finds all well, or does not check it, and warns of nothing", async () => {
    const report = await runOf("check.yml").done;
    const log = Object.values(report.jobs).flatMap((job) => job.log);
    assert.deepEqual(
      log.filter((line) => /^##\[(?:warning|error)\]/.test(line)),
      [],
      log.join("\n"),
    );
    assert.equal(report.result, "succeeded");
  });

  it("deploys to the storage account that the scripts made", async () => {
    const { id, done } = runOf("deploy.yml");
    const report = await done;
    assert.equal(report.result, "succeeded", report.jobs.deploy_app?.log.join("\n"));
    const content = (await simulator.storageAccount.blobs("deployments")).get("release.json")?.toString() ?? "";
    assert.equal(JSON.parse(content).build, String(id));
    assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
  });

  it("leaves nothing when it is taken away again", async () => {
    await az.script(script("tear-down"), names);
    assert.deepEqual(await az.json("group", "list", "--query", "[].name"), ["rg-ephemeral-agents", "rg-registry"]);
    const resources = "[?contains(id, 'rg-shop') || contains(id, 'rg-network')].id";
    assert.deepEqual(await az.json("resource", "list", "--query", resources), []);
  });
});
