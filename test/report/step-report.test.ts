// A step in the in-memory world, and what its record says of it.
import assert from "node:assert/strict";
import { create } from "../../EphemeralAgentTask/src/actions/create.ts";
import { run } from "../../EphemeralAgentTask/src/actions/run.ts";
import type { StepRecord } from "../../EphemeralAgentTask/src/report/record.ts";
import { stepReport } from "../../EphemeralAgentTask/src/report/step-report.ts";
import { Scenario } from "../actions/scenario.ts";
import { settings } from "../fakes/settings.ts";
import { MemoryTask } from "../fakes/task.ts";

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
  const { result } = await clock.run(work.catch(() => ({ result: "failed" as const })));
  return report.ended(result);
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
});
