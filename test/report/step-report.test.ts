// A step in the in-memory world, and what its record says of it.
import assert from "node:assert/strict";
import { create } from "../../EphemeralAgentTask/src/actions/create.ts";
import { run } from "../../EphemeralAgentTask/src/actions/run.ts";
import { TaskError } from "../../EphemeralAgentTask/src/errors/catalog.ts";
import { errorOf } from "../../EphemeralAgentTask/src/report/error-record.ts";
import type { StepRecord } from "../../EphemeralAgentTask/src/report/step-record.ts";
import { stepReport } from "../../EphemeralAgentTask/src/report/step-report.ts";
import { markdownOf } from "../../EphemeralAgentTask/src/report/summary-page.ts";
import { Scenario } from "../actions/in-memory-step.ts";
import { MemoryTask } from "../in-memory/memory-task-host.ts";
import { settings } from "../in-memory/valid-settings.ts";

async function recordOf(
  scenario: Scenario,
  action: "run" | "create",
  overrides: Parameters<typeof settings>[0] = {},
): Promise<StepRecord> {
  const { clock, world } = scenario;
  const chosen = settings(overrides);
  const report = stepReport({ ...chosen, action }, new MemoryTask(), () => clock.date());
  const ports = report.observe({ clock, task: report.task, host: world.host, pool: world.pool, run: world.run });
  const work = action === "run" ? run(ports, chosen, "#!/bin/bash") : create(ports, chosen, "#!/bin/bash");
  const ended = work.then(
    ({ result }) => report.ended(result),
    (error: unknown) => {
      if (!(error instanceof TaskError)) throw error;
      return report.ended("failed", errorOf(error.code, error.message));
    },
  );
  return clock.run(ended);
}

describe("The record of a step", () => {
  it("has the phases of an agent in their order, its place, its job and its cost", async () => {
    const scenario = new Scenario();
    scenario.world.placeholder();
    scenario.timeline({ deploy: "inProgress" });
    scenario.world.queue({ runId: "101", name: "deploy" });
    const { agents, result } = await recordOf(scenario, "run");
    assert.equal(result, "succeeded");
    const [agent, ...others] = agents;
    assert.deepEqual(others, []);
    assert.equal(agent?.result, "served");
    assert.equal(agent?.job?.name, "deploy");
    const names = agent?.phases.map(({ name }) => name) ?? [];
    for (const phase of [
      "registered",
      "requested",
      "online",
      "assigned",
      "finished",
      "unregistered",
      "deleted",
    ] as const)
      assert.ok(names.includes(phase), `${phase} is missing: ${names.join(", ")}`);
    const times = agent?.phases.map(({ at }) => at) ?? [];
    assert.deepEqual(times, times.toSorted());
    assert.equal(agent?.place?.cpu, 1);
    assert.ok((agent?.cost?.amount ?? 0) > 0);
  });

  it("says that an agent of create waits for its job", async () => {
    const { agents } = await recordOf(new Scenario(), "create");
    assert.equal(agents[0]?.result, "waiting");
    assert.equal(agents[0]?.job, undefined);
  });

  it("says that an agent failed when the step that creates it does, with its events and its log", async () => {
    const scenario = new Scenario();
    scenario.world.behaviour = {
      bootMs: 20_000,
      fate: "tells a story",
      story: {
        container: { state: "Terminated", exitCode: 1, restartCount: 0 },
        events: [{ name: "Started", message: "Started container", type: "Normal" }],
        log: "starting\nno agent in the image\n",
      },
    };
    const record = await recordOf(scenario, "create", { agentCount: 2 });
    assert.equal(record.result, "failed");
    assert.deepEqual(
      record.agents.map(({ result, error }) => `${result} ${error?.code}`),
      Array(2).fill(`failed ${record.error?.code}`),
    );
    const page = markdownOf(record);
    assert.match(page, /Events of the container/);
    assert.match(page, /no agent in the image/);
  });

  it("blames no agent for what came of the run's jobs", async () => {
    const scenario = new Scenario();
    scenario.world.placeholder();
    scenario.timeline({ deploy: "failed" });
    const { agents, error } = await recordOf(scenario, "run");
    assert.equal(error?.code, "EA703");
    assert.deepEqual(new Set(agents.map(({ result }) => result)), new Set(["unneeded"]));
  });

  for (const action of ["run", "create"] as const)
    it(`says in whose place '${action}' made an agent`, async () => {
      const scenario = new Scenario();
      scenario.world.placeholder();
      scenario.timeline({ deploy: "inProgress" });
      const maintenance = { planType: "PoolMaintenance", name: "", demands: [], lastsMs: 90_000 };
      scenario.world.queue({ runId: "101", ...maintenance });
      if (action === "run") scenario.world.queue({ runId: "101" });
      const { agents, result } = await recordOf(scenario, action);
      assert.equal(result, "succeeded");
      const [taken, second, ...others] = agents;
      assert.deepEqual(others, []);
      assert.equal(taken?.replaces, undefined);
      assert.equal(second?.replaces, taken?.name);
      assert.equal(taken?.job?.run, "run 101", "its job has no name");
    });
});
