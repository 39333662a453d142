// The same against the simulator: the built bundle as a process, over HTTPS, killed with SIGKILL at a random request.
import { type Simulator, startSimulator } from "../../simulator/simulator.ts";
import { seeded } from "../fakes/clock.ts";
import { stepIn } from "../task/harness/in-simulator.ts";
import { runPostJob, runTask } from "../task/harness/run-task.ts";

/** Simulators side by side; each has several runs in one pool and one resource group. */
const lanes = 3;

type Random = () => number;

interface Lane {
  readonly simulator: Simulator;
  readonly random: Random;
  kills: number;
  readonly troubles: string[];
}

/** Settles at the nth request from now on, whoever sends it. */
async function nthRequest({ requests }: Simulator, nth: number): Promise<void> {
  const from = requests.entries.length;
  await requests.seen(() => requests.entries.length >= from + nth, from);
}

/** One run: a step that is killed somewhere, its job, and the post-job step if its machine lives. */
async function oneRun(lane: Lane): Promise<void> {
  const { simulator, random } = lane;
  const action = random() < 0.6 ? "run" : "create";
  const agentCount = random() < 0.2 ? "2" : "1";
  const killed = random() < 0.85;
  const signals = killed
    ? [{ signal: "SIGKILL" as const, when: nthRequest(simulator, 1 + Math.floor(random() * 60)) }]
    : [];
  const { run, start, jobEnded, queueJob } = stepIn(simulator, { action, agentCount }, { signals });
  const working = runTask(start);
  const job = action === "run" ? queueJob("read -t 0.3 < <(:) || true; echo served", ["EphemeralAgent"]) : undefined;
  const ended = await working;
  if (ended.exitCode !== 0) lane.kills++;
  const machineLives = random() < 0.5;
  if (machineLives) await runPostJob(ended);
  // Whoever sees that nothing serves the job any more cancels the run.
  if (job && ended.result !== "succeeded") job.cancel(0);
  const outcome = await job?.outcome;
  if (outcome && ended.result === "succeeded" && outcome.result !== "succeeded") {
    lane.troubles.push(`run ${run.id} succeeded, its job ended '${outcome.result}': ${outcome.message ?? ""}`);
  }
  jobEnded(ended.result === "succeeded" ? "succeeded" : "failed");
  if (action === "create" && ended.result === "succeeded")
    await runTask(stepIn(simulator, { action: "remove" }, { run }).start);
  run.complete(ended.result === "succeeded" ? "succeeded" : "failed");
}

/** Later runs' sweeps, until nothing is left or nothing more goes. */
async function sweepUp({ simulator, troubles }: Lane): Promise<void> {
  for (let round = 0; round < 10; round++) {
    const { agents, containerGroups } = simulator.leftBehind();
    if (agents.length + containerGroups.length === 0) return;
    const { run, start } = stepIn(simulator, { action: "sweep" });
    const swept = await runTask(start);
    run.complete(swept.result === "succeeded" ? "succeeded" : "failed");
  }
  const { agents, containerGroups } = simulator.leftBehind();
  troubles.push(
    ...agents.map((name) => `agent ${name} is left`),
    ...containerGroups.map((name) => `container group ${name} is left`),
  );
}

async function playLane(count: number, seed: number, onDone: () => void): Promise<Lane> {
  const simulator = await startSimulator({ seed, organization: { lockMs: 3_000 } });
  const lane: Lane = { simulator, random: seeded(seed), kills: 0, troubles: [] };
  try {
    simulator.organization.addPlaceholder(simulator.ready.pool, { EphemeralAgent: "true" });
    for (let done = 0; done < count; done += 2) {
      const beside = Math.min(2, count - done);
      await Promise.all(Array.from({ length: beside }, () => oneRun(lane).then(onDone)));
    }
    await sweepUp(lane);
  } finally {
    await simulator.stop();
  }
  return lane;
}

/**
 * Plays `count` runs of the built bundle and prints what became of them.
 * @returns whether nothing was left and no job was lost
 */
export async function playReal(count: number, seed: number): Promise<boolean> {
  console.log(`${count} runs of the built task, killed at random requests, from seed ${seed}`);
  let done = 0;
  const onDone = () => {
    if (++done % 20 === 0) console.log(`… ${done} runs`);
  };
  const shares = Array.from({ length: lanes }, (_, lane) => Math.floor(count / lanes) + (lane < count % lanes ? 1 : 0));
  const played = await Promise.all(shares.map((share, lane) => playLane(share, seed + lane, onDone)));
  const troubles = played.flatMap((lane) => lane.troubles);
  for (const trouble of troubles) console.log(trouble);
  const kills = played.reduce((sum, lane) => sum + lane.kills, 0);
  console.log(`runs: ${count}, kills: ${kills}`);
  console.log(`left behind: ${troubles.length === 0 ? 0 : troubles.length}`);
  return troubles.length === 0;
}
