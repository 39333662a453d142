// How long the built task takes by itself, run as an agent runs it: what the services and the container take is left out.
import { spawn } from "node:child_process";
import type { Simulator } from "../../simulator/start-simulator.ts";
import { stepIn } from "../task/harness/in-simulator.ts";
import { runTask } from "../task/harness/run-task.ts";

/** All in milliseconds. */
interface RunTimes {
  /** From the start of the process to its first request. */
  readonly firstRequest: number;
  /** From the first request until the container group is asked for. */
  readonly preparation: number;
  /** From the end of the job until the agent is unregistered: to notice it takes a look. */
  readonly notice: number;
  /** From there to the end of the step: the agent and the container group are seen to be gone. */
  readonly removal: number;
}

const at = ({ time }: { readonly time: string }): number => Date.parse(time);

/** One `run` that serves one job. @throws when the step or its job fails */
export async function timeRun(simulator: Simulator): Promise<RunTimes> {
  const { requests } = simulator;
  const { start, queueJob, jobEnded } = stepIn(simulator, { action: "run" });
  const from = requests.entries.length;
  const agent = (method: string) => (one: { method: string; url: string }) =>
    one.method === method && /\/agents\/\d+/.test(one.url);
  const first = requests.seen(() => true, from);
  const put = requests.seen(({ method, url }) => method === "PUT" && /\/containerGroups\//i.test(url), from);
  const removal = requests.seen(agent("DELETE"), from);
  const began = Date.now();
  const working = runTask(start);
  const job = queueJob("echo served", ["EphemeralAgent"]);
  const served = job.outcome.then(({ result }) => ({ result, time: Date.now() }));
  const { result, log } = await working;
  const ended = Date.now();
  const outcome = await served;
  if (result !== "succeeded" || outcome.result !== "succeeded") throw new Error(`A run failed:\n${log}`);
  jobEnded("succeeded");
  const [arrived, asked, removed] = [at(await first), at(await put), at(await removal)];
  return {
    firstRequest: arrived - began,
    preparation: asked - arrived,
    notice: removed - outcome.time,
    removal: ended - removed,
  };
}

/**
 * A container that crashes at its start.
 * @returns milliseconds from the service's showing it to the line that tells the user
 */
export async function timeFailure(simulator: Simulator): Promise<number> {
  const injected = simulator.arm.inject("crashes-at-start", { times: 1 });
  let told: number | undefined;
  const onLine = (line: string) => {
    if (line.includes("EA601")) told ??= Date.now();
  };
  const { start, jobEnded } = stepIn(simulator, { action: "create" }, { onLine });
  const working = runTask(start);
  const shown = shownTerminated(simulator, working);
  await working;
  jobEnded("failed");
  if (injected.hits !== 1 || told === undefined) throw new Error("The failure was not told.");
  return told - (await shown);
}

const lookMs = 20;

/** When a container group first shows that its container has ended. */
async function shownTerminated({ arm }: Simulator, over: Promise<unknown>): Promise<number> {
  let ended = false;
  void over.then(() => {
    ended = true;
  });
  while (!ended) {
    if (arm.containerGroups().some(({ group }) => /^(Failed|Stopped|Succeeded)$/.test(group.state))) return Date.now();
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
  throw new Error("No container group showed that its container had ended.");
}

/** How long this node takes to start and end with nothing to do, in milliseconds. */
export async function timeBareNode(): Promise<number> {
  const began = performance.now();
  await new Promise((resolve, reject) => {
    spawn(process.execPath, ["--eval", ""], { stdio: "ignore" }).once("exit", resolve).once("error", reject);
  });
  return performance.now() - began;
}
