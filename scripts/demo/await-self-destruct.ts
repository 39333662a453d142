// Waits until containers have deleted their own container groups.
import { setTimeout as delay } from "node:timers/promises";
import type { Pipeline } from "../../simulator/pipeline-runner/pipeline-model.ts";
import type { Simulator } from "../../simulator/start-simulator.ts";

const PERIOD_MS = 100;
const LIMIT_MS = 60_000;

/** Whether a step of the file leaves it to the containers to delete their container groups. */
export function destroysItself({ stages }: Pipeline): boolean {
  return stages.some(({ jobs }) =>
    jobs.some(({ steps }) =>
      steps.some(({ inputs }) =>
        Object.entries(inputs).some(
          ([name, value]) => name.toLowerCase() === "selfdestruct" && value.trim().toLowerCase() === "true",
        ),
      ),
    ),
  );
}

/**
 * Such a container deletes its group a moment after its job, when the run may be over already: waits until none is left.
 * The agent's record goes before the group.
 * @param say told what is waited for, if anything is
 * @param limitMs after which what is still there has been left behind
 */
export async function selfDestructed(
  { arm }: Pick<Simulator, "arm">,
  say: (line: string) => void,
  limitMs = LIMIT_MS,
): Promise<void> {
  const names = arm.containerGroups().map(({ name }) => name);
  if (names.length === 0) return;
  say(`Waiting for container group ${names.join(", ")} to delete itself, for up to ${limitMs / 1000} s.`);
  const until = Date.now() + limitMs;
  while (arm.containerGroups().length > 0 && Date.now() < until) await delay(PERIOD_MS);
}
