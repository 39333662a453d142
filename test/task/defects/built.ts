// Defects whose absence only the built task can show.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAgentPackage } from "../../../simulator/stand-in-agent/build-package.ts";
import { askAzure } from "../scenario/manual-changes.ts";
import type { Scene } from "../scenario/scenario.ts";
import { lookAround } from "../secrets/job-view.ts";

const demand = (id: number) => [`EphemeralAgent.Run -equals ${id}`];

/** Sessions that the agent's listener has opened. */
const sessions = ({ simulator }: Scene) =>
  simulator.requests.entries.filter(({ method, url }) => method === "POST" && /\/sessions(\?|$)/.test(url)).length;

const newer = "5.279.0";

/** Offers an agent that is newer than the one in the pool. */
async function offerNewerAgent({ simulator }: Scene): Promise<void> {
  const { content, hashValue } = await buildAgentPackage({ version: newer, timeScale: 0.05 });
  const path = "/newer-agent.tar.gz";
  const downloadUrl = new URL(path, simulator.ready.organizationUrl).href;
  const metadata = { status: 200, body: { downloadUrl, hashValue } };
  simulator.faults.add({ site: "devops", path: /\/packages\/agent\/linux-\w+\/5\.279\.0/, effect: metadata });
  simulator.faults.add({ site: "devops", path, effect: { status: 200, body: content } });
}

export async function updatedAgentServesOneJob(scene: Scene): Promise<void> {
  const { simulator } = scene;
  await offerNewerAgent(scene);
  const { execute, run, queueJob } = scene.step({ action: "create" });
  const created = await execute();
  assert.equal(created.result, "succeeded", created.log);
  const before = sessions(scene);
  const from = simulator.requests.entries.length;
  simulator.organization.levers.sendAgentRefresh(Number(created.outputs.agentId?.value), newer);
  await simulator.requests.answered(({ method, url }) => method === "POST" && /\/sessions(\?|$)/.test(url), from);
  assert.equal(sessions(scene), before + 1, "the listener was started again");
  const first = queueJob("true", demand(run.id));
  const second = queueJob("true", demand(run.id));
  assert.equal((await first.outcome).result, "succeeded");
  const [group] = simulator.arm.containerGroups();
  await group?.group.when(({ state }) => state === "Succeeded");
  const log = await askAzure(simulator, `${group?.id}/containers/${group?.name}/logs`);
  assert.match(log.text, /The agent is updating itself\./);
  assert.equal(log.text.match(/Starting the listener for one job\./g)?.length, 2);
  const removed = await scene.step({ action: "remove" }, { run }).execute();
  assert.equal(removed.result, "succeeded", removed.log);
  assert.equal((await second.outcome).agentName, undefined, "the second job had no agent");
}

export async function jobSeesNoSecret(scene: Scene): Promise<void> {
  const { ready, puller } = scene.simulator;
  const inside = lookAround();
  const step = scene.step({
    action: "create",
    azureDevOpsToken: ready.pat,
    containerRegistry: "other-registry",
    imageName: ready.privateImage,
    addSPNToContainer: "true",
  });
  const created = await step.execute();
  assert.equal(created.result, "succeeded", created.log);
  assert.equal((await step.queueJob(inside.script, demand(step.run.id)).outcome).result, "succeeded");
  const places = inside.places();
  assert.ok(places.some(([name, text]) => name.endsWith("environment") && text.includes("AGENT_NAME")));
  const secrets = [ready.clientSecret, ready.pat, ready.registryPassword, puller.secret, step.start.jobToken];
  for (const [name, text] of places) {
    for (const secret of secrets) assert.ok(!text.includes(secret), `a secret is in the ${name}`);
    assert.doesNotMatch(text, /^(AZ_SERVICE_PRINCIPAL|AZP_TOKEN)/m, name);
  }
  await scene.step({ action: "remove" }, { run: step.run }).execute();
}

export async function startsNoProcess(scene: Scene): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "processes-"));
  const [hook, seen] = [join(folder, "hook.cjs"), join(folder, "seen")];
  writeFileSync(seen, "");
  writeFileSync(
    hook,
    `const processes = require("node:child_process");
     for (const name of ["spawn", "spawnSync", "exec", "execSync", "execFile", "execFileSync", "fork"]) {
       const original = processes[name];
       processes[name] = (...all) => {
         require("node:fs").appendFileSync(${JSON.stringify(seen)}, name + " " + JSON.stringify(all) + "\\n");
         return original(...all);
       };
     }
     require("node:fs").appendFileSync(${JSON.stringify(seen)}, "watching\\n");`,
  );
  const { registryPassword: password, privateImage } = scene.simulator.ready;
  const inputs = { action: "create", containerRegistry: "other-registry", imageName: privateImage };
  const step = scene.step(inputs, { environment: { NODE_OPTIONS: `--require=${hook}` } });
  const created = await step.execute();
  assert.equal(created.result, "succeeded", created.log);
  await step.queueJob("true", demand(step.run.id)).outcome;
  await scene.step({ action: "remove" }, { run: step.run }).execute();
  const found = readFileSync(seen, "utf8");
  rmSync(folder, { recursive: true });
  assert.equal(found, "watching\n", "the task starts no other program, so nothing is on a command line");
  assert.ok(!found.includes(password));
}
