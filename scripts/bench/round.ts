// What is seen of one round, whichever way makes the agent: at the simulator's wire, and in what the way prints.
import type { LoggedRequest } from "../../simulator/http/request-log.ts";
import type { Simulator } from "../../simulator/start-simulator.ts";
import type { Usage } from "./measured-node.ts";

/** Milliseconds since the way's process started, but for `ending`. */
export interface Round extends Usage {
  /** The container group was asked for. */
  readonly put: number;
  /** The way saw its agent online. */
  readonly online: number;
  /** From the end of the job to the end of the way's last process. */
  readonly ending: number;
  /** Neither the agent's record nor its container group is there any more. */
  readonly gone: number;
}

/** What a way tells of a round; the rest is seen at the wire. */
export interface Told extends Usage {
  /** When it saw its agent online, and when its last process ended: milliseconds since the epoch. */
  readonly onlineAt: number;
  readonly endedAt: number;
}

/** One way to give a job an agent. */
export interface Way {
  readonly name: string;
  /** What has to be there before a round begins. */
  prepare?(simulator: Simulator): Promise<void>;
  /**
   * Makes an agent, lets a job run on it, and removes it.
   * @param jobEnded when the job was over
   * @throws when the agent or the job fails
   */
  serve(simulator: Simulator, jobEnded: (at: number) => void): Promise<Told>;
  close?(): void;
}

const lookMs = 10;

const ofGroup =
  (method: string) =>
  ({ method: asked, url }: LoggedRequest): boolean =>
    asked === method && /\/containerGroups\/[^/]+$/i.test(new URL(url).pathname);

async function untilNothingLeft(simulator: Simulator): Promise<number> {
  for (;;) {
    const { agents, containerGroups } = simulator.leftBehind();
    if (agents.length + containerGroups.length === 0) return Date.now();
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

/** @param begins called when what the way needs is there. @throws what the way throws */
export async function measure(simulator: Simulator, way: Way, begins: () => void): Promise<Round> {
  await way.prepare?.(simulator);
  begins();
  const { requests } = simulator;
  const from = requests.entries.length;
  const began = Date.now();
  const put = requests.seen(ofGroup("PUT"), from);
  const gone = requests.answered(ofGroup("DELETE"), from).then(() => untilNothingLeft(simulator));
  let jobEndedAt = 0;
  const { onlineAt, endedAt, ...usage } = await way.serve(simulator, (at) => {
    jobEndedAt = at;
  });
  return {
    ...usage,
    put: Date.parse((await put).time) - began,
    online: onlineAt - began,
    ending: endedAt - jobEndedAt,
    gone: (await gone) - began,
  };
}
