// Pipeline files for the stories that no sample tells, out of the same parts.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { usualInputs } from "../harness/in-simulator.ts";

type Job = Readonly<Record<string, unknown>>;

/** A job on a hosted machine with one step of the task. */
export function taskJob(
  simulator: Simulator,
  name: string,
  inputs: Readonly<Record<string, string>>,
  rest: Job = {},
): Job {
  const step = { task: "EphemeralAgent@1", name: "agent", inputs: { ...usualInputs(simulator), ...inputs } };
  return { job: name, pool: { vmImage: "ubuntu-latest" }, steps: [{ checkout: "none" }, step], ...rest };
}

/** A job for an agent of ours. */
export function deployJob({ ready }: Simulator, script: string, rest: Job = {}): Job {
  const pool = { name: ready.pool, demands: "EphemeralAgent" };
  return { job: "deploy", pool, steps: [{ checkout: "none" }, { bash: script }], ...rest };
}

export const pipeline = (...jobs: readonly Job[]): string => stringify({ trigger: "none", jobs });

/** What a job waits at until the test lets it through. */
interface Gate {
  /** Says `started`, then waits. */
  readonly script: string;
  open(): void;
}

const folders: string[] = [];
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function gate(): Gate {
  const folder = mkdtempSync(join(tmpdir(), "gate-"));
  folders.push(folder);
  const file = join(folder, "open");
  return {
    script: `echo started; until [ -e ${file} ]; do sleep 0.1; done; echo passed`,
    open: () => writeFileSync(file, ""),
  };
}
