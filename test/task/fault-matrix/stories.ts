// What happens in a cell: one step is struck, then its post-job step has a good network.

import type { SimulatedStep } from "../harness/in-simulator.ts";
import { type FinishedTask, runPostJob } from "../harness/run-task.ts";
import { counted } from "../one-job/job-counter.ts";
import { askAzure, deleteGroup } from "../scenario/manual-changes.ts";
import { until } from "./lane.ts";
import type { StoryName } from "./requests.ts";
import { ended, letGo, outcomeOf, type Played, type Stage } from "./stage.ts";

type Told = Omit<Played, "others" | "secrets">;

const resultOf = ({ result }: { readonly result: string }) => (result === "succeeded" ? "succeeded" : "failed");

/** A step is struck that follows this job. */
async function follow(stage: Stage, step: SimulatedStep, demand: string, queuedBefore: boolean): Promise<Told> {
  const job = counted({ waits: true });
  const queued = step.queueJob(job.script, [demand]);
  if (queuedBefore) await until(() => job.begun().length > 0, 60_000);
  const strikes = stage.strike(step);
  let main: FinishedTask | undefined;
  const ending = ended(step.start).then((one) => {
    main = one;
    return one;
  });
  await letGo(job, strikes, () => main !== undefined);
  const struck = await ending;
  strikes.remove();
  await stage.postJob(struck);
  const played = { struck, job: await outcomeOf(job, queued), hits: strikes.hits };
  step.jobEnded(resultOf(struck));
  step.run.complete(resultOf(struck));
  return played;
}

async function create(stage: Stage): Promise<Told> {
  const step = stage.step("create");
  const strikes = stage.strike(step);
  const struck = await ended(step.start);
  strikes.remove();
  await stage.postJob(struck);
  step.jobEnded(resultOf(struck));
  const job = counted();
  const queued = step.queueJob(job.script, [`EphemeralAgent.Run -equals ${step.run.id}`]);
  if (struck.result === "succeeded") await until(() => job.ended().length > 0, 30_000);
  const played = { struck, job: await outcomeOf(job, queued), hits: strikes.hits };
  await stage.postJob(await stage.good("remove", stage.step("remove", {}, step.run)));
  step.run.complete(resultOf(struck));
  return played;
}

async function remove(stage: Stage): Promise<Told> {
  const creating = stage.step("create", { timeoutAgentOnline: "0" });
  await stage.good("create", creating);
  creating.jobEnded("succeeded");
  const { run } = creating;
  return follow(stage, stage.step("remove", {}, run), `EphemeralAgent.Run -equals ${run.id}`, true);
}

async function sweep(stage: Stage): Promise<Told> {
  const forgotten = stage.step("create", { timeoutAgentOnline: "0" });
  await stage.good("create", forgotten);
  forgotten.jobEnded("failed");
  forgotten.run.complete("failed");
  return alone(stage, "sweep");
}

async function alone(stage: Stage, action: string): Promise<Told> {
  const step = stage.step(action);
  const strikes = stage.strike(step);
  const struck = await ended(step.start);
  strikes.remove();
  await stage.postJob(struck);
  step.jobEnded(resultOf(struck));
  step.run.complete(resultOf(struck));
  return { struck, job: undefined, hits: strikes.hits };
}

/** The main stage is killed while its job runs; the post-job step is struck. */
async function postJob(stage: Stage): Promise<Told> {
  const step = stage.step("run");
  const job = counted({ waits: true });
  const queued = step.queueJob(job.script, ["EphemeralAgent"]);
  const main = await ended(
    step.start,
    until(() => job.begun().length > 0, 60_000),
  );
  const strikes = stage.strike(step);
  let over = false;
  const ending = runPostJob(main).finally(() => {
    over = true;
  });
  await letGo(job, strikes, () => over);
  const struck = await ending;
  strikes.remove();
  const played = { struck, job: await outcomeOf(job, queued), hits: strikes.hits };
  step.jobEnded("failed");
  step.run.complete("failed");
  return played;
}

/** The container crashes, and stays for whoever looks why. */
async function kept(stage: Stage): Promise<Told> {
  const { simulator, neighbor } = stage.lane;
  const told = await alone(stage, "create");
  for (const { name, id } of simulator.arm.containerGroups()) {
    if (name === neighbor.agent) continue;
    const { tags = {} } = (await askAzure(simulator, id)).json() as {
      readonly tags?: Readonly<Record<string, string>>;
    };
    if ("EphemeralAgent.KeepUntil" in tags) await deleteGroup(simulator, id);
  }
  return told;
}

export const stories: Readonly<Record<StoryName, (stage: Stage) => Promise<Told>>> = {
  run: (stage) => follow(stage, stage.step("run"), "EphemeralAgent", false),
  create,
  remove,
  sweep,
  check: (stage) => alone(stage, "check"),
  "post-job": postJob,
  "run from a standby pool": (stage) => follow(stage, stage.step("run"), "EphemeralAgent", false),
  "create from a standby pool": create,
  "check of a standby pool": (stage) => alone(stage, "check"),
  "create by a federated connection": create,
  "create by a managed identity": create,
  "create whose registration had no answer": create,
  "create of a container that crashes": kept,
  "run in a pool that is not there": (stage) => alone(stage, "run"),
};
