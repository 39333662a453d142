// What the stories of the ways in share: a whole life of an agent by one way, and a way that leads nowhere.
import assert from "node:assert/strict";
import type { ErrorCode } from "../../../EphemeralAgentTask/src/errors/catalog.ts";
import type { FinishedTask } from "../harness/run-task.ts";
import { assertFailure } from "../scenario/expected-messages.ts";
import type { Scene } from "../scenario/scenario.ts";
import type { StepPart } from "../scenario/step.ts";
import { changes, creation } from "../scenario/task-requests.ts";

export type Inputs = Readonly<Record<string, string>>;

/** An agent is made, serves one job of the run, and is removed. @returns what `create` told */
export async function wholeLife(scene: Scene, inputs: Inputs, part: StepPart = {}): Promise<FinishedTask> {
  const step = scene.step({ action: "create", ...inputs }, part);
  const created = await step.execute();
  assert.equal(created.result, "succeeded", created.log);
  const { outcome } = step.queueJob("echo served", [`EphemeralAgent.Run -equals ${step.run.id}`]);
  const served = await outcome;
  assert.equal(served.result, "succeeded");
  assert.equal(served.agentName, created.outputs.agentName?.value);
  const { azureSubscription, connectedServiceNameAzureDevOps, azureDevOpsToken } = inputs;
  const kept = Object.entries({ azureSubscription, connectedServiceNameAzureDevOps, azureDevOpsToken });
  const same = Object.fromEntries(kept.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const removed = await scene.step({ action: "remove", ...same }, { ...part, run: step.run }).execute();
  assert.equal(removed.result, "succeeded", removed.log);
  return created;
}

/** The step fails with one error, and neither an agent nor a container group has ever been made. */
export async function assertNoWay(
  scene: Scene,
  inputs: Inputs,
  part: StepPart,
  code: ErrorCode,
  ...causes: readonly RegExp[]
): Promise<FinishedTask> {
  // What the step was asking for at the same time ends with it.
  scene.expectRefusal(/^0 devops GET .*\/packages\/agent\//);
  const main = await scene.step({ action: "create", ...inputs }, part).execute();
  assert.equal(main.result, "failed", main.log);
  assertFailure(main, code, ...causes);
  assert.deepEqual(
    changes(scene.simulator).filter((one) => !/\/oidctoken$/.test(one)),
    [],
    "nothing was made",
  );
  return main;
}

/** Names, as the simulator knows them, of those who asked for container groups. */
export const creators = ({ simulator }: Scene): string[] => [
  ...new Set(simulator.requests.entries.filter(creation).map(({ caller = "nobody" }) => caller)),
];
