// Running again gets a new agent and leaves none, whatever is run again; where it cannot, the service says so at once and
// the documentation says what to press instead.
import assert from "node:assert/strict";
import { stringify } from "yaml";
import type { JobReport, RunReport } from "../../../simulator/pipeline-runner/run/run-results.ts";
import { textOf } from "../../package/manifests.ts";
import { failing, type Shape, shaped, shapes, stage } from "../parallel-runs/sample-patterns.ts";
import { deployJob, taskJob } from "../scenario/pipelines.ts";
import { type Scene, story } from "../scenario/scenario.ts";
import { creation, registration } from "../scenario/task-requests.ts";

function job({ jobs }: RunReport, name: string): JobReport {
  const found = jobs[name];
  assert.ok(found, `the run has no job ${name}`);
  return found;
}

/** Every attempt of a run, or of several: each had an agent of its own, and left nothing. */
class Attempts {
  readonly #scene: Scene;
  readonly #agents: string[] = [];

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Takes an attempt's report; its deployment ended so, on an agent that no attempt before had. */
  ended(report: RunReport, deployment: "succeeded" | "failed"): void {
    const { simulator } = this.#scene;
    const deploy = job(report, "deploy");
    assert.equal(deploy.result, deployment, JSON.stringify(deploy.issues));
    assert.equal(report.result, deployment);
    const { agentName = "" } = deploy;
    assert.match(agentName, /^eph-\d+-[a-z0-9]{6}$/);
    assert.ok(!this.#agents.includes(agentName), "an agent served a second attempt");
    assert.equal(deploy.log.filter((line) => line === `on ${agentName}`).length, 1);
    this.#agents.push(agentName);
    assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
    for (const made of [registration, creation])
      assert.equal(simulator.requests.entries.filter(made).length, this.#agents.length, "one agent for each attempt");
  }
}

/** What an agent still tells of a job whose token has ended by then. */
const late = /^401 devops POST .*\/plans\/[^/]+\/events$/;

const start = (scene: Scene, shape: Shape, script: string) => scene.pipeline(shaped(scene.simulator, shape, script));

for (const shape of shapes) {
  describe(`Running a pipeline of the shape '${shape}' again`, () => {
    story("runs the whole stage with a new agent, as often as one presses", async (scene) => {
      const attempts = new Attempts(scene);
      const run = start(scene, shape, failing(2));
      attempts.ended(await run.done, "failed");
      attempts.ended(await run.rerunStage(stage), "failed");
      attempts.ended(await run.rerunStage(stage), "succeeded");
    });

    story("starts a new run with a new agent, after one that failed and after one that did not", async (scene) => {
      const attempts = new Attempts(scene);
      const yaml = shaped(scene.simulator, shape, failing(1));
      attempts.ended(await scene.pipeline(yaml).done, "failed");
      attempts.ended(await scene.pipeline(yaml).done, "succeeded");
      attempts.ended(await scene.pipeline(yaml).done, "succeeded");
    });

    story("runs the stage again after the run was cancelled", async (scene) => {
      scene.expectRefusal(late);
      const run = start(scene, shape, "echo waiting; exec sleep 600");
      await run.line("deploy", /^waiting$/);
      run.cancel();
      const cancelled = await run.done;
      assert.equal(cancelled.result, "canceled");
      assert.deepEqual(scene.simulator.leftBehind(), { agents: [], containerGroups: [] });
      const again = run.rerunStage(stage);
      const agents = new Set<string>();
      await run.events.first((event) => {
        if (event.kind === "job" && event.job === "deploy" && event.state === "running") agents.add(event.agentName);
        return agents.size === 2;
      });
      run.cancel();
      assert.equal((await again).result, "canceled");
    });
  });
}

describe("Running failed jobs again", () => {
  story("gives 'parallel' a new agent for each attempt", async (scene) => {
    const attempts = new Attempts(scene);
    const run = start(scene, "parallel", failing(2));
    attempts.ended(await run.done, "failed");
    attempts.ended(await run.rerunFailed(), "failed");
    attempts.ended(await run.rerunFailed(), "succeeded");
  });

  story("serves the one job of two that failed, and removes both agents", async ({ simulator, ...scene }) => {
    simulator.organization.addPlaceholder(simulator.ready.pool);
    const jobs = [
      taskJob(simulator, "agent", { action: "run", agentCount: "2" }),
      { ...deployJob(simulator, "true"), job: "good" },
      { ...deployJob(simulator, failing(1)), job: "deploy" },
    ];
    const run = scene.pipeline(stringify({ trigger: "none", jobs }));
    const first = await run.done;
    assert.equal(first.result, "failed");
    const second = await run.rerunFailed();
    assert.equal(second.result, "succeeded", job(second, "agent").log.join("\n"));
    assert.deepEqual(job(second, "agent").issues, []);
    assert.equal(job(second, "good").agentName, job(first, "good").agentName, "what went well is not run again");
    assert.notEqual(job(second, "deploy").agentName, job(first, "deploy").agentName);
  });

  for (const shape of ["sequential", "watched"] as const) {
    story(`is refused at once for '${shape}', whose agent is gone, until one runs the stage again`, async (scene) => {
      const attempts = new Attempts(scene);
      const run = start(scene, shape, failing(1));
      attempts.ended(await run.done, "failed");
      const refused = await run.rerunFailed();
      assert.equal(refused.result, "failed");
      const { result, issues, agentName } = job(refused, "deploy");
      assert.deepEqual({ result, agentName }, { result: "failed", agentName: undefined });
      assert.match(issues[0]?.message ?? "", /^No agent found in pool ephemeral-agents /);
      assert.equal(job(refused, "create").result, "succeeded", "it was not run again");
      assert.equal(job(refused, "remove").result, "succeeded", "there is nothing to remove");
      assert.deepEqual(scene.simulator.leftBehind(), { agents: [], containerGroups: [] });
      attempts.ended(await run.rerunStage(stage), "succeeded");
    });
  }
});

describe("What the documentation says about running again", () => {
  const page = textOf("samples/README.md");
  const paragraph = (text: string) => text.replace(/\s+/g, " ");

  it("names the button for each shape, in the order of the table", () => {
    const [, ...columns] = /^\| +\|(.*)\|(.*)\|(.*)\|$/m.exec(page) ?? [];
    const [, ...buttons] = /^\| When the deployment failed, press +\|(.*)\|(.*)\|(.*)\|$/m.exec(page) ?? [];
    const told = columns.map((column, index) => [/\[(\w+)\]/.exec(column)?.[1], buttons[index]?.trim()]);
    assert.deepEqual(told, [
      ["parallel", "_Rerun failed jobs_"],
      ["sequential", "_Rerun stage_"],
      ["watched", "_Rerun stage_"],
    ]);
  });

  it("says what the service does with failed jobs, and what to press instead", () => {
    const [, told = ""] = /^## Running again\n(.*?)^## /ms.exec(page) ?? [];
    const text = paragraph(told);
    assert.match(text, /\*\*parallel\*\*: the agent's job fails together with the deployment, so both run again/);
    assert.match(
      text,
      /\*\*sequential\*\* and \*\*watched\*\*: .*Azure Pipelines refuses the deployment at once \("No agent found in pool …"\)/,
    );
    assert.match(text, /Rerun the stage instead: all three jobs run again, with a new agent/);
  });

  for (const shape of ["sequential", "watched"] as const) {
    it(`says so in the sample '${shape}' itself`, () => {
      const comments = textOf(`samples/${shape}/azure-pipelines.yml`).split("\ntrigger:")[0] ?? "";
      assert.match(
        paragraph(comments.replaceAll("#", "")),
        /Do not press "Rerun failed jobs" when only the deployment failed: its agent is gone\. Rerun the stage\./,
      );
    });
  }

  it("is found from the README", () => {
    assert.match(
      paragraph(textOf("README.md")),
      /\[samples\]\(samples\/README\.md\) .* how to run a failed deployment again/,
    );
  });
});
