// A run's timeline as a GET shows it.
import type { Pools } from "../pools/pools.ts";
import { queueId } from "../pools/project-queues.ts";
import type { Run, Runs } from "./runs.ts";
import type { TimelineRecord } from "./timeline-record.ts";

export interface TimelineSetting {
  readonly runs: Runs;
  readonly pools: Pools;
  readonly serverUrl: string;
}

/** A run's timeline as people see it, its records as recorded (recordings, devops: timeline). */
export function timelineView(run: Run, setting: TimelineSetting): object {
  const { id, changeId } = run.timeline;
  const records = run.timeline.records().map((record) => recordView(record, run, setting));
  return { records, id, changeId, lastChangedOn: new Date().toISOString() };
}

/** Without the output variables: they may be secret, and a report to the plan is where they belong. */
function recordView(record: TimelineRecord, run: Run, setting: TimelineSetting): object {
  const { startTime, finishTime, result, workerName, percentComplete, currentOperation, ...others } = record;
  const { issues, log, task, variables: _, ...rest } = others;
  const logs = `${setting.serverUrl}${run.project.id}/_apis/build/builds/${run.id}/logs`;
  return {
    previousAttempts: [],
    ...rest,
    startTime: startTime ?? null,
    finishTime: finishTime ?? null,
    currentOperation: currentOperation ?? null,
    percentComplete: percentComplete ?? null,
    result: result ?? null,
    resultCode: null,
    lastModified: "0001-01-01T00:00:00",
    workerName: workerName ?? null,
    ...(record.type === "Job" ? { queueId: queueOf(record.id, run, setting) } : {}),
    details: null,
    errorCount: count(issues, "error"),
    warningCount: count(issues, "warning"),
    url: null,
    log: log === undefined ? null : { id: log.id, type: "Container", url: `${logs}/${log.id}` },
    task: task ?? null,
    ...(issues === undefined ? {} : { issues }),
  };
}

/** Which queue of the project a job waits or ran in; none for one that no pool of the organization has. */
function queueOf(jobId: string, { project }: Run, { runs, pools }: TimelineSetting): number | null {
  const wanted = jobId.toLowerCase();
  const pool = pools.all().find(({ requests }) => requests.some(({ offer }) => offer.jobId.toLowerCase() === wanted));
  return pool === undefined ? null : queueId(runs, project, pool);
}

function count(issues: TimelineRecord["issues"], type: "error" | "warning"): number {
  return (issues ?? []).filter((issue) => issue.type === type).length;
}
