// Collects the report of a step, from its beginning to its end.
import type { ErrorCode } from "../errors/catalog.ts";
import type { Ports } from "../lifecycle/step/step-context.ts";
import type { RunIdentity } from "../plan/owner-marks.ts";
import type { TaskHost } from "../ports.ts";
import type { Settings } from "../settings/settings.ts";
import { defaultPrices } from "./cost-estimate.ts";
import { forwarding } from "./forwarding-task-host.ts";
import { observing } from "./recording-ports.ts";
import type { ErrorRecord, LineRecord, StepRecord } from "./step-record.ts";
import { Recorder } from "./step-recorder.ts";

export interface StepReport {
  /** The host with which the step tells of itself. */
  readonly task: TaskHost;
  /** The same ports, whose traffic is noted. */
  observe(ports: Ports): Ports;
  /** The record, when the step ends. @param error that the step fails with, unless it was told as an agent's */
  ended(result: StepRecord["result"], error?: ErrorRecord): StepRecord;
}

/** What a step fails with after its agents lived as they should: the run's jobs failed, or none came. */
const ofJobs: ReadonlySet<string> = new Set<ErrorCode>(["EA701", "EA702", "EA703"]);

const iso = (ms: number): string => new Date(ms).toISOString();

/** @param date gives the time as the services tell it, in milliseconds since the epoch */
export function stepReport(
  {
    action,
    agentPool,
    run,
    prices = defaultPrices,
  }: Pick<Settings, "action" | "agentPool" | "prices"> & {
    readonly run: RunIdentity;
  },
  host: TaskHost,
  date: () => number,
): StepReport {
  const began = date();
  const recorder = new Recorder(agentPool);
  const lines: LineRecord[] = [];
  const task = forwarding(host, { summarize: (more) => void lines.push(...more) });
  return {
    task,
    observe: (ports) => observing(ports, run, recorder),
    ended(result, error) {
      const now = date();
      const failed = error === undefined || ofJobs.has(error.code) ? {} : { error };
      return {
        version: 1,
        action,
        runId: run.runId,
        stage: run.stage,
        attempt: run.attempt,
        // What a service's answer corrects later may have begun later.
        began: iso(Math.min(began, now)),
        ended: iso(now),
        result,
        ...(error === undefined ? {} : { error }),
        agents: recorder.agents(prices, { canceled: result === "canceled", ...failed }, now),
        ...(lines.length > 0 ? { lines } : {}),
      };
    },
  };
}
