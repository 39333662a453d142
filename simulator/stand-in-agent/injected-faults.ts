// Faults that a test can ask of the stand-in agent.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Install } from "./configuration/agent-files.ts";

const behaviours = ["crash-before-online", "never-online", "crash-during-job", "never-exit", "update-first"] as const;

/** What a test wants this agent to do wrong. */
export type Behaviour = (typeof behaviours)[number] | undefined;

/** @throws when `SIM_AGENT_BEHAVIOUR` names none that there is: a test must not pass for want of its fault. */
export function behaviourOf(environment: NodeJS.ProcessEnv): Behaviour {
  const wanted = environment.SIM_AGENT_BEHAVIOUR;
  if (wanted === undefined || wanted === "") return undefined;
  const found = behaviours.find((behaviour) => behaviour === wanted);
  if (found === undefined) throw new Error(`SIM_AGENT_BEHAVIOUR must be one of ${behaviours.join(", ")}.`);
  return found;
}

/** True once in the life of an unpacked agent. */
export function firstTime({ bin }: Install): boolean {
  const mark = join(bin, "updated-first");
  if (existsSync(mark)) return false;
  writeFileSync(mark, "");
  return true;
}

export function hang(): Promise<never> {
  setInterval(() => {}, 60_000);
  return new Promise(() => {});
}
