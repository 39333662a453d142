// The check action: checks everything that the inputs name and prints what is wrong. It changes nothing, except that it adds the
// placeholder where it is asked to.
import { checkAzure } from "../checks/azure/azure-checks.ts";
import { checkImage } from "../checks/azure/image-access.ts";
import type { Inspections, Look } from "../checks/check-context.ts";
import { checkDevOps } from "../checks/devops/devops-checks.ts";
import { flaws, gathered, readerHint, table } from "../checks/findings-table.ts";
import { TaskError } from "../errors/catalog.ts";
import { persist, type RetryPolicy } from "../lifecycle/step/retry.ts";
import { type Clock, ServiceFault, type TaskHost } from "../ports.ts";
import type { CheckSettings } from "../settings/settings.ts";
import { type Outcome, succeeded } from "./action-result.ts";

export interface CheckPorts extends Inspections {
  readonly clock: Clock;
  readonly task: TaskHost;
}

/** A user waits for the table, so transient failures are retried for seconds, not for minutes. */
const brief: RetryPolicy = {
  attempts: 3,
  firstPauseMs: 500,
  longestPauseMs: 5_000,
  longestAskedMs: 10_000,
  attemptMs: 30_000,
};

/** Never retried: if only the answer was lost, a retry would leave a second record behind. */
const once = new Set(["register"]);

function lookOf(ports: CheckPorts, settings: CheckSettings): Look {
  const { clock, task } = ports;
  return {
    ...ports,
    settings,
    async read(what, send) {
      const policy = once.has(what) ? { ...brief, attempts: 1 } : brief;
      try {
        return await persist({ clock, policy, signal: task.cancelled, onRetry: () => undefined }, what, send);
      } catch (error) {
        if (error instanceof ServiceFault) return error;
        throw error;
      }
    },
  };
}

/** @throws `TaskError` EA110 when something is wrong; `Cancelled` */
export async function check(ports: CheckPorts, settings: CheckSettings): Promise<Outcome> {
  const { task } = ports;
  const look = lookOf(ports, settings);
  const [azure, image, devops] = await Promise.all([checkAzure(look), checkImage(look), checkDevOps(look)]);
  const found = [...azure.found, image, ...devops];
  const findings = gathered(found);
  for (const { text, color } of table(findings)) task.info(text, color);
  for (const hint of readerHint(findings, azure.principal ?? "OBJECT_ID", settings.azure.subscriptionId)) {
    task.info(hint);
  }
  task.summarize(findings.map(({ subject, level, found: text }) => ({ subject, result: level, text })));
  const told = (level: "warning" | "wrong") =>
    flaws(findings, level)
      .map((one) => `${one.subject}: ${one.found}`)
      .join("; ");
  if (told("wrong") !== "") throw new TaskError("EA110", told("wrong"));
  if (told("warning") === "") return succeeded;
  const { code, message } = new TaskError("EA111", told("warning"));
  return { result: "succeededWithIssues", code, message };
}
