// A simulator in which cell after cell is played, beside a run whose job must outlive them all.
import type { AddedFault } from "../../../simulator/http/request-faults.ts";
import { type Simulator, startSimulator } from "../../../simulator/start-simulator.ts";
import { perfect } from "../check/set-up.ts";
import { stepIn } from "../harness/in-simulator.ts";
import { runTask } from "../harness/run-task.ts";
import { type Counted, counted } from "../one-job/job-counter.ts";

/** A check finds nothing wrong, and may look at all of it. */
const looking = {
  Name: "Looking",
  Actions: ["*/read", "Microsoft.PolicyInsights/checkPolicyRestrictions/read"],
};

interface Neighbor {
  readonly agent: string;
  /** Whether its job still runs where it began. */
  unharmed(): boolean;
  /** Lets its job end. @returns its result */
  end(): Promise<string>;
}

export interface Lane {
  readonly simulator: Simulator;
  readonly neighbor: Neighbor;
  stop(): Promise<void>;
}

async function neighborIn(simulator: Simulator): Promise<Neighbor> {
  const { run, start, queueJob } = stepIn(simulator, { action: "create" });
  const made = await runTask(start);
  const agent = made.outputs.agentName?.value;
  if (agent === undefined) throw new Error(`The neighbor has no agent:\n${made.log}`);
  const job: Counted = counted({ waits: true });
  const { outcome } = queueJob(job.script, [`EphemeralAgent.Run -equals ${run.id}`]);
  let ended: string | undefined;
  void outcome.then(({ result }) => {
    ended = result;
  });
  await until(() => job.begun().length > 0 || ended !== undefined, 60_000);
  return {
    agent,
    unharmed() {
      const { agents, containerGroups } = simulator.leftBehind();
      return ended === undefined && agents.includes(agent) && containerGroups.includes(agent);
    },
    async end() {
      job.open();
      return (await outcome).result;
    },
  };
}

export async function openLane(seed: number): Promise<Lane> {
  const simulator = await startSimulator({ seed });
  try {
    perfect(simulator, looking);
    simulator.organization.addPlaceholder(simulator.ready.pool, { EphemeralAgent: "true" });
    return { simulator, neighbor: await neighborIn(simulator), stop: () => simulator.stop() };
  } catch (error) {
    await simulator.stop();
    throw error;
  }
}

/** Looks again until it holds. @returns whether it did in time, in milliseconds */
export async function until(holds: () => boolean, limitMs: number): Promise<boolean> {
  const over = performance.now() + limitMs;
  while (!holds()) {
    if (performance.now() > over) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
}

/** Removes a fault so many milliseconds after it struck first. */
export function endAfter(fault: AddedFault, ms: number, over: AbortSignal): void {
  void until(() => fault.hits > 0 || over.aborted, 600_000).then(async () => {
    if (fault.hits === 0) return;
    await new Promise((resolve) => setTimeout(resolve, ms));
    fault.remove();
  });
}
