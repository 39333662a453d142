// The container never holds a key: neither to the pool, nor to Azure, nor to the registry. Each secret the task is given
// is looked for wherever somebody could find it, while a job runs in the container.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SimRequest } from "../../../simulator/http/https-site.ts";
import { runPostJob } from "../harness/run-task.ts";
import { stolenFrom } from "../scenario/agent-credential.ts";
import { askAzure, askOrganization } from "../scenario/manual-changes.ts";
import { gate } from "../scenario/pipelines.ts";
import { type Scene, scenario } from "../scenario/scenario.ts";
import { filesBelow, processesIn, type Secrets, tracesIn } from "../scenario/secret-search.ts";
import type { Step } from "../scenario/step.ts";
import { line } from "../scenario/wait-for-lines.ts";

/** The bodies of the requests that create a container group. */
function creationsOf({ simulator }: Scene): SimRequest[] {
  const seen: SimRequest[] = [];
  const call = (request: SimRequest) => {
    seen.push(request);
    return undefined;
  };
  simulator.faults.add({ site: "arm", method: "PUT", path: "/containerGroups/", effect: { call } });
  return seen;
}

/** What anybody may read of the groups, by any way of reading them. */
async function asRead({ simulator }: Scene, id: string): Promise<string> {
  const below = id.slice(0, id.lastIndexOf("/"));
  const subscription = `/subscriptions/${simulator.ready.subscriptionId}/providers/Microsoft.ContainerInstance/containerGroups`;
  const texts: string[] = [];
  for (const as of ["deployer", "administrator"] as const) {
    for (const path of [id, below]) {
      const answer = await askAzure(simulator, path, { as });
      assert.equal(answer.status, 200, answer.text);
      texts.push(answer.text);
    }
  }
  const everywhere = await askAzure(simulator, subscription, { as: "administrator" });
  assert.equal(everywhere.status, 200, everywhere.text);
  return [...texts, everywhere.text].join("\n");
}

/** A job that writes what it sees to a folder of the test, then waits. */
function spy(folder: string, wait: string): string {
  const root = '"$(cd "$AGENT_HOMEDIRECTORY/../.." && pwd)"';
  return `
    env > ${folder}/environment
    find ${root} -type f -readable -print -exec cat {} + > ${folder}/files 2>/dev/null
    ${wait}`;
}

interface Looked {
  readonly scene: Scene;
  readonly step: Step;
  readonly secrets: Secrets;
}

/** Creates the agent, looks everywhere while a job runs on it, and removes it. */
async function lookEverywhere({ scene, step, secrets }: Looked): Promise<void> {
  const { simulator } = scene;
  const clean = (what: string, text: string | Buffer, allowed: readonly string[] = []) =>
    assert.deepEqual(
      tracesIn(text, secrets).filter((name) => !allowed.includes(name)),
      [],
      `found in ${what}`,
    );
  const folder = mkdtempSync(join(tmpdir(), "spy-"));
  const { script, open } = gate();
  const creations = creationsOf(scene);
  const created = await step.execute();
  assert.equal(created.result, "succeeded", created.log);
  const job = step.queueJob(spy(folder, script), [`EphemeralAgent.Run -equals ${step.run.id}`]);
  await line(step.jobLines, /^started$/);

  const [environment, readable] = ["environment", "files"].map((name) => readFileSync(join(folder, name)));
  rmSync(folder, { recursive: true });
  clean("the job's environment", environment ?? "");
  clean("the files the job can read", readable ?? "");
  assert.ok(readable?.includes(".credentials_rsaparams"), "the job looked at the agent's own files too");

  const [group] = simulator.arm.containerGroups();
  const rootFolder = group?.group.deployment.running?.rootFolder ?? "";
  const files = filesBelow(rootFolder);
  assert.ok(files.length > 10, "the container has files");
  for (const { path, content } of files) clean(path, content);
  const processes = processesIn(rootFolder);
  if (process.platform === "linux") assert.ok(processes.length > 2, "listener, worker and step are running");
  for (const one of processes) clean(`the process ${one.command}`, `${one.command}\n${one.environment}`);

  const stolen = await stolenFrom(simulator, rootFolder);
  const id = group?.id ?? "";
  const read = await asRead(scene, id);
  clean("the group as it is read", read);
  assert.deepEqual(tracesIn(read, stolen.keyParts), [], "the agent's key can be read in the group");
  const agents = await askOrganization(
    simulator,
    simulator.organization.pat,
    "_apis/distributedtask/pools/1/agents?includeCapabilities=true",
  );
  clean("the agent's record", agents.text);
  assert.deepEqual(tracesIn(agents.text, stolen.keyParts), []);
  assert.equal(creations.length, 1);
  // Only Azure itself is given the registry's password, to pull with.
  clean("the request that creates the group", creations[0]?.body ?? "", ["password of the registry"]);

  open();
  assert.equal((await job.outcome).result, "succeeded");
  clean("the container's log", group?.group.deployment.log.read() ?? "");
  const deleted = await askAzure(simulator, id, { method: "DELETE" });
  assert.equal(deleted.status, 200);
  clean("the answer to the deletion", deleted.text);
  assert.deepEqual(tracesIn(deleted.text, stolen.keyParts), []);

  const post = await runPostJob(created);
  const removed = await scene.step({ ...step.start.inputs, action: "remove" }, { run: step.run }).execute();
  assert.equal(removed.result, "succeeded", removed.log);
  for (const stage of [created, post, removed]) {
    clean("the log", stage.log);
    assert.deepEqual(tracesIn(stage.log, stolen.keyParts), []);
    // The agent masks what these two say; nothing else may even rely on that.
    const spoken = stage.raw.split("\n").filter((text) => !/^##vso\[task\.(debug|setsecret)\]/.test(text));
    clean("what the process wrote", spoken.join("\n"));
    for (const text of Object.values(stage.outputs)) clean("an output", text.value);
    for (const { value } of stage.taskVariables) clean("the state of the step", value);
  }
  clean("the job's log", step.jobLines.items.join("\n"));
}

/** With every debug line of the task in the log. */
const variables = { "System.Debug": "true" };

describe("No key inside: with registration by the task", () => {
  scenario("a token, a service principal and a registry account are nowhere to be found", async (scene) => {
    const { ready, organization } = scene.simulator;
    const { token } = organization.issuePersonalAccessToken("Administrator");
    const inputs = {
      action: "create",
      azureDevOpsToken: token,
      containerRegistry: "other-registry",
      imageName: ready.privateImage,
    };
    const step = scene.step(inputs, { variables });
    const secrets = {
      "job token": step.start.jobToken,
      "personal access token": token,
      "secret of the service principal": ready.clientSecret,
      "password of the registry": ready.registryPassword,
    };
    await lookEverywhere({ scene, step, secrets });
  });

  scenario("the job's own token and an ACR's service principal are nowhere either", async (scene) => {
    const { ready, puller } = scene.simulator;
    const inputs = { action: "create", containerRegistry: "agent-registry", imageName: ready.privateImage };
    const step = scene.step(inputs, { variables });
    const secrets = {
      "job token": step.start.jobToken,
      "secret of the service principal": ready.clientSecret,
      "password of the registry": puller.secret,
    };
    await lookEverywhere({ scene, step, secrets });
  });

  scenario("what is inside can manage nothing: neither agents, nor the pool, nor Azure", async (scene) => {
    const { simulator } = scene;
    scene.expectRefusal(/^403 devops /, /^401 arm /);
    const step = scene.step({ action: "create" });
    await step.execute();
    const rootFolder = simulator.arm.containerGroups()[0]?.group.deployment.running?.rootFolder ?? "";
    const { token, agentId } = await stolenFrom(simulator, rootFolder);
    const agents = "_apis/distributedtask/pools/1/agents";
    const another = {
      name: "another",
      version: "5.278.0",
      authorization: { publicKey: { exponent: "AQAB", modulus: "AA==" } },
    };
    for (const [method, path, body] of [
      ["POST", agents, another],
      ["GET", agents, undefined],
      ["GET", `${agents}/${agentId}`, undefined],
      ["PATCH", `${agents}/${agentId}`, { id: agentId, enabled: false }],
      ["PUT", `${agents}/${agentId}`, { id: agentId, ...another }],
      ["PUT", `${agents}/${agentId}/usercapabilities`, { Taken: "true" }],
      ["DELETE", `${agents}/${agentId}`, undefined],
      ["GET", "_apis/distributedtask/pools", undefined],
      ["GET", "_apis/distributedtask/pools/1", undefined],
      ["GET", "_apis/distributedtask/pools/1/jobrequests", undefined],
    ] as const) {
      const answer = await askOrganization(simulator, token, path, { method, ...(body && { body }) });
      assert.equal(answer.status, 403, `${method} ${path}: ${answer.status} ${answer.text}`);
    }
    const groups = `${simulator.ready.arm}/subscriptions/${simulator.ready.subscriptionId}/resourceGroups`;
    const azure = await askOrganization(simulator, token, `${groups}?api-version=2021-04-01`);
    assert.equal(azure.status, 401, azure.text);
    const { outcome } = step.queueJob("true", [`EphemeralAgent.Run -equals ${step.run.id}`]);
    assert.equal((await outcome).result, "succeeded", "the agent itself was not harmed");
    assert.equal((await scene.step({ action: "remove" }, { run: step.run }).execute()).result, "succeeded");
  });
});
