// What this run wants of the pool: how many of its jobs are taken, and whether more can come. Read at most every few
// seconds, however many agents ask.
import type { RunIdentity } from "../../plan/owner-marks.ts";
import type { JobRequest } from "../../ports.ts";
import type { Context } from "../step/step-context.ts";
import { forecast, type JobForecast, ofRun } from "./job-forecast.ts";

const freshMs = 4_000;

/** A state must last this long before it is believed: between two jobs of a run there is a moment without any. */
export const confirmMs = 10_000;

export interface Look {
  /** This run's jobs in the pool that an agent has taken, finished ones included, since the step began. */
  readonly taken: readonly JobRequest[];
  /** This run's jobs that wait for an agent. */
  readonly queued: readonly JobRequest[];
  readonly forecast: JobForecast;
}

export interface RunJobs {
  /** @param anew not one of the last seconds. @throws `ServiceFault`; `Cancelled` */
  look(anew?: boolean): Promise<Look>;
}

/** @param run the run whose jobs count */
export function runJobsOf(context: Context, run: RunIdentity): RunJobs {
  // Jobs that finished before this step began were for other agents.
  const earlier = new Set<number>();
  let first = true;
  let last: { at: number; look: Promise<Look> } | undefined;

  async function read(): Promise<Look> {
    const [requests, timeline] = await Promise.all([context.pool.jobRequests(), context.run.timeline()]);
    const own = requests.filter((request) => ofRun(run, request) && request.jobId !== run.jobId);
    if (first) for (const request of own) if (request.finished) earlier.add(request.requestId);
    first = false;
    const current = own.filter((request) => !earlier.has(request.requestId));
    const queued = current.filter((request) => !request.finished && request.agentId === undefined);
    const taken = current.filter((request) => request.agentId !== undefined);
    return { taken, queued, forecast: forecast(run, queued, timeline) };
  }

  return {
    look(anew = false) {
      const now = context.clock.now();
      if (last === undefined || anew || now - last.at >= freshMs) last = { at: now, look: read() };
      return last.look;
    },
  };
}
