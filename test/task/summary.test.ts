// What a run keeps of its steps: a page in its summary and the facts for the tab, by the built bundle.
import assert from "node:assert/strict";
import { attachmentType, type StepRecord } from "../../EphemeralAgentTask/src/report/step-record.ts";
import { agentsOf } from "../../results-tab/src/merge.ts";
import { readRecord } from "../../results-tab/src/read-record.ts";
import { needed, stagePipeline, start } from "../templates/using.ts";
import type { Pipeline } from "./scenario/pipeline-run.ts";
import { story } from "./scenario/scenario.ts";

const attached = ({ run }: Pipeline, type: string): string[] =>
  run.attachments.filter((one) => one.type === type).map(({ content }) => content.toString());

const recordsOf = (run: Pipeline): StepRecord[] =>
  attached(run, attachmentType).map((text) => readRecord(JSON.parse(text)) ?? assert.fail(text));

describe("The summary of a run", () => {
  story("tells of the agent from its registration to its removal, by two steps", async (scene) => {
    const run = start(scene, stagePipeline(needed(scene.simulator)));
    const report = await run.done;
    assert.equal(report.result, "succeeded");
    const steps = recordsOf(run);
    assert.deepEqual(
      steps.map(({ action, result }) => `${action} ${result}`),
      ["create succeeded", "remove succeeded"],
    );
    const [agent, ...others] = agentsOf(steps);
    assert.deepEqual(others, []);
    assert.equal(agent?.name, report.jobs.deploy_app?.agentName);
    assert.equal(agent?.result, "served");
    assert.equal(agent?.place?.subnet, "snet-agents");
    assert.equal(agent?.job?.name, "Deploy");
    const phases = agent?.phases.map(({ name }) => name) ?? [];
    for (const name of ["registered", "requested", "assigned", "finished", "unregistered", "deleted"] as const)
      assert.ok(phases.includes(name), `${name} is missing: ${phases.join(", ")}`);
    const [created = "", removed = ""] = attached(run, "Distributedtask.Core.Summary");
    assert.match(created, /^## Ephemeral agents created/);
    assert.match(removed, /: served its job$/m);
  });

  story("tells a failure with its cause, and holds no secret of the step", async (scene) => {
    const secret = "canary-of-the-summary";
    const parameters = needed(scene.simulator);
    const agent = {
      ...(parameters.agent as object),
      imageName: "contoso.azurecr.io/nowhere:latest",
      timeoutAgentOnline: "600",
    };
    const inputs = { ...agent, secretEnvironmentVariables: `TOKEN=${secret}` };
    scene.expectRefusal(/^4\d\d registry /, /^4\d\d arm PUT /);
    const run = start(scene, stagePipeline({ ...parameters, agent: inputs }));
    const report = await run.done;
    assert.equal(report.jobs.deploy_app_create?.result, "failed");
    const [created] = recordsOf(run);
    assert.equal(created?.result, "failed");
    const told = created?.error ?? created?.agents[0]?.error;
    assert.match(told?.code ?? "", /^EA4\d\d$/);
    assert.ok((told?.next ?? "") !== "");
    for (const { content } of run.run.attachments) assert.ok(!content.toString().includes(secret));
  });
});
