// An agent's first poll has no position, nor has its keep-alive, so either may be handed the job. What the keep-alive gets, the
// agent throws away and does not delete: the job is assigned, and begins only when its message has come again.
import assert from "node:assert/strict";
import { discardMessages } from "../../simulator/devops/discarded-message.ts";
import { scenario } from "../scenario/scenario.ts";
import { creation, registration } from "../scenario/task-requests.ts";
import { line } from "../scenario/wait-for-lines.ts";

describe("A job whose message the agent threw away", () => {
  scenario("is waited for by `run`: it comes again, and runs once on the same agent", async (scene) => {
    const { faults, organization, ready, requests } = scene.simulator;
    const { delivered } = discardMessages(faults, 2);
    organization.addPlaceholder(ready.pool);
    const step = scene.step({ action: "run" });
    const job = step.queueJob("echo started", ["EphemeralAgent"]);
    const main = await step.execute();
    assert.equal(main.result, "succeeded", main.log);
    assert.equal((await job.outcome).result, "succeeded");
    assert.ok(delivered.length >= 3 && new Set(delivered).size === 1, `delivered: ${delivered}`);
    assert.equal(step.jobLines.items.filter((text) => text === "started").length, 1);
    assert.equal(requests.entries.filter(registration).length, 1);
    assert.equal(requests.entries.filter(creation).length, 1);
  });

  scenario("is not cut off by `remove`, which sees it assigned", async (scene) => {
    const created = scene.step({ action: "create", timeoutAgentOnline: "0" });
    assert.equal((await created.execute()).result, "succeeded");
    const lost = discardMessages(scene.simulator.faults, Number.POSITIVE_INFINITY);
    const job = created.queueJob("echo started", [`EphemeralAgent.Run -equals ${created.run.id}`]);
    const step = scene.step({ action: "remove" }, { run: created.run });
    const removed = step.execute();
    await line(step.lines, /running job 'deploy' of /);
    assert.equal(created.jobLines.items.includes("started"), false);
    lost.remove();
    const main = await removed;
    assert.equal(main.result, "succeeded", main.log);
    assert.equal((await job.outcome).result, "succeeded");
    assert.equal(created.jobLines.items.filter((text) => text === "started").length, 1);
  });
});
