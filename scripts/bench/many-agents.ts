// Many agents of one step: what each costs the task, beside what a single one costs.
import { startSimulator } from "../../simulator/start-simulator.ts";
import { stepIn } from "../../test/task/harness/in-simulator.ts";
import { runTask } from "../../test/task/harness/run-task.ts";
import { measuredNode } from "./measured-node.ts";

interface ManyResult {
  readonly agents: number;
  /** Milliseconds of CPU of the task, for each agent. */
  readonly cpu: number;
  /** Of the task's process at most, in MB. */
  readonly memory: number;
  /** Sent by the task for each agent, and in each second. */
  readonly requests: number;
  readonly perSecond: number;
  /** Lists of the pool's agents in each second. */
  readonly listsPerSecond: number;
}

/** Counts, and how many agents a step may have at a time. */
const counts = [1, 10, 50, 100] as const;

const isList = (url: string): boolean => /\/pools\/\d+\/agents$/i.test(new URL(url).pathname);

/** One `run` step, whose agents serve a job of three seconds each. @throws when it fails */
async function measured(agents: number): Promise<ManyResult> {
  // A simulator of its own: Azure lets a subscription create 100 in five minutes.
  const simulator = await startSimulator({ engine: "process" });
  const node = measuredNode();
  try {
    simulator.organization.addPlaceholder(simulator.ready.pool);
    const inputs = { action: "run", agentCount: String(agents), timeoutAgentOnline: "600" };
    const step = stepIn(simulator, inputs, { environment: node.environment });
    for (let job = 0; job < agents; job++) step.queueJob("sleep 3", ["EphemeralAgent"]);
    const began = Date.now();
    const { result, log } = await runTask(step.start);
    const seconds = (Date.now() - began) / 1000;
    if (result !== "succeeded") throw new Error(`A step of ${agents} agents failed:\n${log}`);
    step.jobEnded("succeeded");
    const { cpu, memory = 0, requests } = node.take();
    const lists = simulator.requests.entries.filter(({ method, url }) => method === "GET" && isList(url)).length;
    return {
      agents,
      cpu: cpu / agents,
      memory,
      requests: requests / agents,
      perSecond: requests / seconds,
      listsPerSecond: lists / seconds,
    };
  } finally {
    node.close();
    await simulator.stop();
  }
}

/** @param onRound told how far it is */
export async function many(onRound: (text: string) => void): Promise<ManyResult[]> {
  const results: ManyResult[] = [];
  for (const agents of counts) {
    results.push(await measured(agents));
    onRound(`${agents} agents of one step`);
  }
  return results;
}

/** Rows of cells, the heading first. */
export function manyTable(results: readonly ManyResult[]): string[][] {
  const first = results[0];
  const head = ["agents", "CPU an agent", "memory", "requests an agent", "requests a second", "lists a second"];
  return [
    head,
    ...results.map(({ agents, cpu, memory, requests, perSecond, listsPerSecond }) => [
      String(agents),
      `${Math.round(cpu)} ms (${(cpu / (first?.cpu ?? cpu)).toFixed(2)})`,
      `${Math.round(memory)} MB`,
      `${requests.toFixed(1)} (${(requests / (first?.requests ?? requests)).toFixed(2)})`,
      perSecond.toFixed(1),
      listsPerSecond.toFixed(2),
    ]),
  ];
}
