// The same against the simulator: the built bundle as a process, over HTTPS, ended by a signal at a random moment, while
// the network answers rudely if asked to.
import { setTimeout as delay } from "node:timers/promises";
import { type Simulator, startSimulator } from "../../../simulator/start-simulator.ts";
import { seeded } from "../../in-memory/virtual-clock.ts";
import { stepIn } from "../../task/harness/in-simulator.ts";
import { runPostJob, runTask } from "../../task/harness/run-task.ts";
import { beRude, hurried } from "./unreliable-network.ts";

/** Simulators side by side; each has several runs in one pool and one resource group. */
const lanes = 3;

type Random = () => number;

interface Lane {
  readonly simulator: Simulator;
  readonly random: Random;
  /** How often each signal ended a step. */
  readonly kills: Record<Signal, number>;
  readonly rude: boolean;
  /** Rude answers that were given. */
  struck: number;
  readonly troubles: string[];
}

const signals = ["SIGINT", "SIGTERM", "SIGKILL"] as const;
type Signal = (typeof signals)[number];

/** After which a step hangs, in milliseconds. */
const limitMs = 180_000;

/** The agent gives a step ten seconds after the first signal (facts agent-protocol §8.1). */
const graceMs = 10_000;

/** A signal somewhere in the step, and the kills that come without regard to it. */
function ending(lane: Lane): {
  readonly signal: Signal | undefined;
  readonly sent: { signal: Signal; when: Promise<unknown> }[];
} {
  const { simulator, random } = lane;
  const late = { signal: "SIGKILL" as const, when: delay(limitMs, undefined, { ref: false }) };
  if (random() >= 0.85) return { signal: undefined, sent: [late] };
  const signal = signals[Math.floor(random() * signals.length)] ?? "SIGKILL";
  const between = Math.floor(random() * 100);
  const when = nthRequest(simulator, 1 + Math.floor(random() * 45)).then(() => delay(between));
  const killed = { signal: "SIGKILL" as const, when: when.then(() => delay(graceMs, undefined, { ref: false })) };
  return { signal, sent: [{ signal, when }, killed, late] };
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
  const { signal, sent } = ending(lane);
  const environment = lane.rude ? { environment: hurried(simulator) } : {};
  const { run, start, jobEnded, queueJob } = stepIn(
    simulator,
    { action, agentCount },
    { signals: sent, ...environment },
  );
  const began = performance.now();
  const working = runTask(start);
  const job = action === "run" ? queueJob("read -t 0.3 < <(:) || true; echo served", ["EphemeralAgent"]) : undefined;
  const ended = await working;
  const hit = ended.exitCode !== 0 || ended.result === "canceled" || /^EA900 /m.test(ended.log);
  if (signal !== undefined && hit) lane.kills[signal]++;
  if (performance.now() - began > limitMs) lane.troubles.push(`run ${run.id} hung`);
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
    await runTask(stepIn(simulator, { action: "remove" }, { run, ...environment, signals: sent.slice(-1) }).start);
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

async function playLane(count: number, seed: number, rude: boolean, onDone: () => void): Promise<Lane> {
  const simulator = await startSimulator({ seed, organization: { lockMs: 3_000 } });
  const random = seeded(seed);
  const lane: Lane = { simulator, random, kills: { SIGINT: 0, SIGTERM: 0, SIGKILL: 0 }, rude, struck: 0, troubles: [] };
  try {
    simulator.organization.addPlaceholder(simulator.ready.pool, { EphemeralAgent: "true" });
    for (let done = 0; done < count; done += 2) {
      const beside = Math.min(2, count - done);
      const goodAgain = rude ? beRude(simulator, random) : () => 0;
      await Promise.all(Array.from({ length: beside }, () => oneRun(lane).then(onDone)));
      lane.struck += goodAgain();
    }
    await sweepUp(lane);
  } finally {
    await simulator.stop();
  }
  return lane;
}

/**
 * Plays `count` runs of the built bundle and prints what became of them.
 * @param rude the network answers rudely in between
 * @returns whether nothing was left and no job was lost
 */
export async function playReal(count: number, seed: number, rude = false): Promise<boolean> {
  console.log(
    `${count} runs of the built task, ended at random moments${rude ? ", with rude answers" : ""}, from seed ${seed}`,
  );
  let done = 0;
  const onDone = () => {
    if (++done % 20 === 0) console.log(`… ${done} runs`);
  };
  const shares = Array.from({ length: lanes }, (_, lane) => Math.floor(count / lanes) + (lane < count % lanes ? 1 : 0));
  const played = await Promise.all(shares.map((share, lane) => playLane(share, seed + lane, rude, onDone)));
  const troubles = played.flatMap((lane) => lane.troubles);
  for (const trouble of troubles) console.log(trouble);
  const kills = signals.map((signal) => `${signal} ${played.reduce((sum, lane) => sum + lane.kills[signal], 0)}`);
  const struck = played.reduce((sum, lane) => sum + lane.struck, 0);
  console.log(`runs: ${count}, ended by ${kills.join(", ")}, rude answers: ${struck}`);
  console.log(`left behind: ${troubles.length === 0 ? 0 : troubles.length}`);
  return troubles.length === 0;
}
