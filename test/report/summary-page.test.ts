import assert from "node:assert/strict";
import type { AgentRecord } from "../../EphemeralAgentTask/src/report/step-record.ts";
import { markdownOf } from "../../EphemeralAgentTask/src/report/summary-page.ts";
import { failed, hostile, served, step } from "../results-tab/stories.ts";

describe("The page that a step adds to its run's summary", () => {
  it("tells of an agent's job, place, waiting, cost and phases", () => {
    const page = markdownOf(step({ agents: [served] }));
    assert.match(page, /^### eph&#45;42&#45;k3v9q1: served its job$/m);
    assert.match(page, /^\| Job \| Deploy: succeeded \|$/m);
    assert.match(page, /^\| Place \| westeurope, subnet snet&#45;agents, resource group /m);
    assert.match(page, /^\| Waiting \| The job waited 48 s for the agent \|$/m);
    assert.match(page, /^\| Estimated cost \| 0\.0018 USD: 145 vCPU seconds and 290 GB seconds, prices of /m);
    assert.match(page, /^\| Running the job \| 57 s \| 1 min 23 s \| `░+█+░*` \|$/m);
  });

  it("has words for a job whose name nothing told", () => {
    const rowOf = (job: AgentRecord["job"] & object) =>
      /^\| Job .*$/m.exec(markdownOf(step({ agents: [{ ...served, job }] })))?.[0];
    assert.equal(rowOf({ name: "", result: "succeeded" }), "| Job | a job: succeeded |");
    assert.equal(rowOf({ name: "", run: "7" }), "| Job | a job of run 7 |");
  });

  it("tells of a failure its cause and its next step, with events and log behind a click", () => {
    const page = markdownOf(step({ agents: [failed], result: "failed" }));
    assert.match(page, /^> \*\*EA401\*\* The image cannot be pulled/m);
    assert.match(page, /^> \*\*Next step:\*\* Correct imageName/m);
    assert.match(page, /<details><summary>Events of the container<\/summary>/);
    assert.match(page, /<pre>starting&#10;no agent in the image&#10;<\/pre>/);
  });

  it("tells the step's own failure once", () => {
    const { error } = failed;
    assert.ok(error);
    assert.equal(markdownOf(step({ agents: [failed], error })).split("EA401").length, 2);
    assert.match(markdownOf(step({ error })), /EA401/);
  });

  it("keeps every bar as long as the others", () => {
    const bars = [...markdownOf(step({ agents: [served] })).matchAll(/`([░█]+)`/g)].map(([, bar = ""]) => bar.length);
    assert.deepEqual(new Set(bars), new Set([20]));
  });

  it("reads nothing of what comes from outside", () => {
    const agent = {
      ...failed,
      name: hostile,
      pool: hostile,
      log: hostile,
      events: [{ at: hostile, type: hostile, name: hostile, message: hostile, count: 1 }],
      error: { code: hostile, title: hostile, cause: hostile, next: hostile },
    };
    const lines = [{ subject: hostile, result: hostile, text: hostile }];
    const page = markdownOf(step({ agents: [agent], lines, error: agent.error }));
    assert.doesNotMatch(page, /<(?!\/?(details|summary|pre)>)/, "no element but its own");
    assert.doesNotMatch(page, /##vso\[|javascript:|\]\(/);
    for (const code of [0x202e, 7, 27, 0]) assert.ok(!page.includes(String.fromCharCode(code)));
  });
});
