// What docs/guarantees.md says is what the code does: its numbers are the code's, and the sweep that it names for the worst
// case finds what that case leaves.
import assert from "node:assert/strict";
import { containerGroup, planAgent } from "../../../EphemeralAgentTask/src/plan/agent-and-container-group.ts";
import type { PipelineRun } from "../../../simulator/pipeline-runner/run-pipeline.ts";
import { settings } from "../../in-memory/valid-settings.ts";
import { taskManifest, textOf } from "../../package/manifests.ts";
import { counted } from "../one-job/job-counter.ts";
import { askOrganization, deleteGroup } from "../scenario/manual-changes.ts";
import { type Scene, story } from "../scenario/scenario.ts";
import type { Step } from "../scenario/step.ts";
import { registration } from "../scenario/task-requests.ts";
import { line } from "../scenario/wait-for-lines.ts";

const page = textOf("docs/guarantees.md");
const said = page.replace(/\s+/g, " ");
const minutes = (ms: number) => Math.round(ms / 60_000);

describe("The guarantees", () => {
  const given = settings();

  it("say how long after its limits an agent has expired", () => {
    const expires = Date.parse(planAgent(given, "abc123", 0).marks["EphemeralAgent.Expires"] ?? "");
    const slack = minutes(expires - given.onlineMs - given.idleMs - given.lifetimeMs);
    const sum = "`timeoutAgentOnline` + `idleTimeoutMinutes` + `lifetimeMinutes`";
    assert.ok(said.includes(`An agent expires ${sum} + ${slack} minutes after its creation.`), said);
  });

  it("say when a container stops by itself", () => {
    const agentPackage = { version: "4.0.0", url: "u", filename: "f", sha256: "s" };
    const files = { "agent.json": "", "credentials.json": "", "rsaparams.json": "" };
    const { volumes } = containerGroup({
      settings: given,
      plan: planAgent(given, "abc123", 0),
      agent: { id: 1, name: "eph-101-abc123", files },
      agentPackage,
      poolName: "agents",
      placement: { location: "x", dnsServers: [], cpu: 1, memoryInGB: 1 },
      registry: undefined,
      entrypoint: "",
    });
    const start = volumes.flatMap((one) => (one.kind === "secret" ? [one.files["start.env"] ?? ""] : [])).join("");
    const limit = (name: string) => Number(new RegExp(`^${name}=(\\d+)$`, "m").exec(start)?.[1]) * 1_000;
    const patience = minutes(limit("IDLE_SECONDS") - given.onlineMs - given.idleMs);
    const idle = `\`timeoutAgentOnline\` + \`idleTimeoutMinutes\` + ${patience} minutes after its start if no job came`;
    assert.ok(said.includes(idle), said);
    assert.equal(limit("LIFETIME_SECONDS"), given.lifetimeMs);
    assert.ok(said.includes("`lifetimeMinutes` after its start, whatever it is doing"), said);
  });

  it("name only inputs and actions that there are, and every action but the one that changes nothing", () => {
    const inputs = taskManifest.inputs.map(({ name }) => name);
    const actions = Object.keys(taskManifest.inputs.find(({ name }) => name === "action")?.options ?? {});
    const words = [...said.matchAll(/`([a-z]\w+)`/g)].map(([, word = ""]) => word);
    assert.deepEqual(
      words.filter((word) => ![...inputs, ...actions].includes(word)),
      [],
    );
    assert.deepEqual(
      actions.filter((action) => action !== "check" && !words.includes(action)),
      [],
    );
  });

  it("say what stays when a machine is lost and nothing of the project runs any more, and what is for that", () => {
    const row = /\| The machine is lost and nothing of the project runs any more \|([^|]*)\|/.exec(page)?.[1] ?? "";
    assert.match(row, /the container stops by itself/);
    assert.match(row, /the agent's record and the stopped container group stay until the next sweep/);
    assert.match(row, /\(\.\.\/samples\/sweep\/azure-pipelines\.yml\)/);
  });

  it("tell them from what is not guaranteed", () => {
    const [, not = ""] = /## What is not guaranteed (.*)/.exec(said) ?? [];
    for (const one of [
      /`agentRegistration: container`/,
      /A job does not survive its container/,
      /one pool and one resource group/,
      /Not tried yet/,
    ])
      assert.match(not, one);
  });
});

const demand = ({ run }: Pick<Step, "run">) => [`EphemeralAgent.Run -equals ${run.id}`];

/** A `create` whose machine is lost at a moment of its own. */
async function lost(scene: Scene, when: (step: Step) => Promise<unknown>): Promise<{ step: Step; name: string }> {
  const { simulator } = scene;
  const before = simulator.leftBehind().agents;
  const step = scene.step({ action: "create" });
  await step.execute({ signals: [{ signal: "SIGKILL", when: when(step) }] });
  const [name = ""] = simulator.leftBehind().agents.filter((one) => !before.includes(one));
  return { step, name };
}

/** Removes a record as a person would. */
async function removeRecord({ simulator }: Scene, name: string): Promise<void> {
  const { organization } = simulator;
  const id = organization.agents().find((agent) => agent.name === name)?.id;
  const path = `_apis/distributedtask/pools/1/agents/${id}`;
  assert.equal((await askOrganization(simulator, organization.pat, path, { method: "DELETE" })).status, 204);
}

const sweeping = (scene: Scene): PipelineRun => scene.pipeline(textOf("samples/sweep/azure-pipelines.yml"));

/** The rows that a sweep told: name, what there was, what became of it, why. */
async function rows(run: PipelineRun): Promise<Map<string, string>> {
  const { result, jobs } = await run.done;
  const log = jobs.sweep?.log ?? [];
  assert.equal(result, "succeeded", log.join("\n"));
  const table = log.filter((text) => /^eph-\d+-\w+ {2}/.test(text));
  return new Map(table.map((text) => [text.split(" ")[0] ?? "", text.split(/ {2,}/).slice(1).join(", ")]));
}

describe("The sample of a scheduled sweep", () => {
  story("removes what lost machines left, and nothing else", async (scene) => {
    const { simulator } = scene;
    scene.expectRefusal(/^0 /);
    simulator.organization.addPlaceholder(simulator.ready.pool);
    const online = (step: Step) => line(step.lines, /: online$/);
    const made = () => simulator.requests.answered(registration, simulator.requests.entries.length);

    // All runs go on at first: every `create` sweeps, too.
    simulator.arm.inject("does-nothing", { times: 1 });
    const failing = { action: "create", timeoutAgentOnline: "20", skipContainerDeletionOnError: "true" };
    const kept = scene.step(failing);
    assert.equal((await kept.execute()).result, "failed");
    kept.run.complete("failed");
    const [keptGroup] = simulator.arm.containerGroups();

    const onlyRecord = await lost(scene, made);
    const both = await lost(scene, online);
    const onlyGroup = await lost(scene, online);
    await removeRecord(scene, onlyGroup.name);
    const busy = await lost(scene, online);
    const job = counted({ waits: true });
    const { outcome } = busy.step.queueJob(job.script, demand(busy.step));
    await line(busy.step.jobLines, /^started$/);
    const goingOn = await lost(scene, online);
    for (const { step } of [onlyRecord, both, onlyGroup, busy]) step.run.complete("failed");

    const first = await rows(sweeping(scene));
    const over = ({ step }: { step: Step }) => `run ${step.run.id} has finished`;
    assert.equal(first.get(onlyRecord.name), `record, removed, ${over(onlyRecord)}`);
    assert.equal(first.get(both.name), `record and container group, removed, ${over(both)}`);
    assert.equal(first.get(onlyGroup.name), `container group, removed, ${over(onlyGroup)}`);
    assert.equal(first.get(busy.name), "record and container group, kept, busy with job 'deploy'");
    assert.equal(
      first.get(goingOn.name),
      `record and container group, kept, run ${goingOn.step.run.id} is still running`,
    );
    assert.match(first.get(keptGroup?.name ?? "") ?? "", /^container group, kept, kept for debugging until /);
    assert.equal(first.size, 6, "the placeholder is none of ours");

    job.open();
    assert.equal((await outcome).result, "succeeded");
    goingOn.step.run.complete("canceled");
    const second = await rows(sweeping(scene));
    assert.equal(second.get(busy.name), `record and container group, removed, ${over(busy)}`);
    assert.equal(second.get(goingOn.name), `record and container group, removed, ${over(goingOn)}`);
    assert.equal(await deleteGroup(simulator, keptGroup?.id ?? ""), 200);
    const [placeholder] = simulator.organization.agents();
    assert.equal(placeholder?.seeded, true);
  });
});
