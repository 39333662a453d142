// Many agents at once: what each costs the task, beside what a single one costs.
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

const counts = [1, 10, 50, 100] as const;

/** The most agents that one step may make; more are made by runs beside each other. */
const mostOfOne = 50;

const isList = (url: string): boolean => /\/pools\/\d+\/agents$/i.test(new URL(url).pathname);

/** So many agents of `run` steps beside each other, which serve a job of three seconds each. @throws when a step fails */
async function measured(agents: number): Promise<ManyResult> {
  // A simulator of its own: Azure lets a subscription create 100 in five minutes.
  const simulator = await startSimulator({ engine: "process", organization: { lockMs: 600_000 } });
  const node = measuredNode();
  try {
    simulator.organization.addPlaceholder(simulator.ready.pool);
    const began = Date.now();
    const shares = Array.from({ length: Math.ceil(agents / mostOfOne) }, (_, run) =>
      Math.min(agents - run * mostOfOne, mostOfOne),
    );
    await Promise.all(
      shares.map(async (share) => {
        const inputs = { action: "run", agentCount: String(share), timeoutAgentOnline: "600" };
        const onLine = (text: string): void => {
          // The pool refuses a job that no registered agent matches, so each is queued after its agent is registered.
          if (/: registered in pool /.test(text))
            step.queueJob("sleep 3", [`EphemeralAgent.Run -equals ${step.run.id}`]);
        };
        const step = stepIn(simulator, inputs, { environment: node.environment, onLine });
        const { result, log } = await runTask(step.start);
        if (result !== "succeeded") throw new Error(`A step of ${share} agents failed:\n${log}`);
        step.jobEnded("succeeded");
      }),
    );
    const seconds = (Date.now() - began) / 1000;
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
    onRound(`${agents} agents at once`);
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
