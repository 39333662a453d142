// The set-up guide's last steps, on what its scripts made: the check, the first deployment, and taking it all away.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { azuriteProgram } from "../../simulator/storage/install-azurite.ts";
import { pipelineIn } from "../task/bundle/run.ts";
import { type Az, openAz } from "./az.ts";

const file = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const script = (name: string): string => file(`samples/setup/${name}.sh`);
const textOf = (path: string): string => readFileSync(file(path), "utf8");

/**
 * The simulator has one private storage account with data in it, and one network that leads there. The scripts make both
 * anew, under the names that it knows, in groups of their own.
 */
const names = { NETWORK_GROUP: "rg-network", PLATFORM_GROUP: "rg-shop", STORAGE_ACCOUNT: "shopdata" };

/** What the set-up printed: `name: value`, one a line. */
function printedValues(printed: string): Map<string, string> {
  return new Map([...printed.matchAll(/^ {2}(\w+): +(\S+)$/gm)].map(([, name = "", value = ""]) => [name, value]));
}

/** Writes the printed values over those of a file, line by line, as a person does. */
function filledIn(yaml: string, values: ReadonlyMap<string, string>): string {
  return yaml.replace(/^( +)(\w+): (\S+)$/gm, (line, indent, name) =>
    values.has(name) ? `${indent}${name}: ${values.get(name)}` : line,
  );
}

/** As somebody does who follows step 9: the values, and the registry's identity, for the image is not public. */
function ownSample(values: ReadonlyMap<string, string>): string {
  const yaml = textOf("samples/private-storage/azure-pipelines.yml");
  const own = filledIn(yaml, values).replace(
    "# registryIdentity: $(agentIdentity)",
    "registryIdentity: $(agentIdentity)",
  );
  assert.notEqual(own, filledIn(yaml, values), "there is no line for the registry's identity");
  return own;
}

describe("the set-up guide, after its scripts", () => {
  let simulator: Simulator;
  let az: Az;
  let printed: ReadonlyMap<string, string>;
  let values: ReadonlyMap<string, string>;

  before(async () => {
    await azuriteProgram(console.log);
    simulator = await startSimulator();
    az = await openAz(simulator);
    // The service connection has no right but what the scripts give it; the pool is as step 6 leaves it.
    simulator.arm.access.revoke(simulator.ready.clientObjectId);
    simulator.organization.setAutoUpdate(simulator.ready.pool, false);
    for (const name of ["rg-network", "rg-shop"]) await az.text("group", "delete", "--name", name, "--yes");
    printed = printedValues(await az.script(script("set-up"), names));
    // Azure would build the image now. In the simulator it is in another registry, from which not everybody may pull.
    values = new Map([...printed, ["agentImage", simulator.ready.privateImage]]);
    const identity = ["identity", "show", "--ids", printed.get("agentIdentity") ?? "", "--query", "principalId"];
    await az.text(
      ...["role", "assignment", "create", "--role", "AcrPull", "--assignee-principal-type", "ServicePrincipal"],
      ...["--assignee-object-id", String(await az.json(...identity))],
      ...["--scope", String(await az.json("acr", "show", "--name", "contosoagents", "--query", "id"))],
    );
  });
  after(async () => {
    az?.close();
    await simulator?.stop();
  });

  it("have a value for each variable of the sample, but for those that the guide names itself", () => {
    const sample = textOf("samples/private-storage/azure-pipelines.yml");
    const [, variables = ""] = /^variables:\n(.*?)\n\n/ms.exec(sample) ?? [];
    const wanted = [...variables.matchAll(/^ {2}(\w+):/gm)].map(([, name = ""]) => name);
    assert.deepEqual(
      wanted.filter((name) => !printed.has(name)),
      ["azureConnection", "agentPool"],
    );
  });

  it("lets the check of step 8 add the placeholder and warn of nothing that is not said there", async () => {
    const [, example = ""] = /```yaml\n(.*?action: check.*?)```/s.exec(textOf("docs/set-up-guide.md")) ?? [];
    const report = await pipelineIn(simulator, process.execPath, filledIn(example, values)).done;
    const log = Object.values(report.jobs).flatMap((job) => job.log);
    assert.deepEqual(
      log.flatMap((line) => /^(?:warning|wrong) +(.+?) {2,}/.exec(line)?.[1] ?? []),
      ["image", "rights of this check"],
      log.join("\n"),
    );
    assert.equal(report.result, "succeededWithIssues");
  });

  it("deploys to the storage account that the scripts made", async () => {
    const { id, done } = pipelineIn(simulator, process.execPath, ownSample(values));
    const report = await done;
    assert.equal(report.result, "succeeded", report.jobs.deploy?.log.join("\n"));
    const content = (await simulator.storageAccount.blobs("deployments")).get("release.json")?.toString() ?? "";
    assert.equal(JSON.parse(content).build, String(id));
    assert.deepEqual(simulator.leftBehind(), { agents: ["eph-placeholder"], containerGroups: [] });
  });

  it("leaves nothing when it is taken away again", async () => {
    await az.script(script("tear-down"), names);
    assert.deepEqual(await az.json("group", "list", "--query", "[].name"), ["rg-ephemeral-agents", "rg-registry"]);
    const resources = "[?contains(id, 'rg-shop') || contains(id, 'rg-network')].id";
    assert.deepEqual(await az.json("resource", "list", "--query", resources), []);
  });
});
