// Predicts whether a job of this run can still come to an agent, from the pool's job requests and the run's timeline.
import { hostTypeOf, type RunIdentity } from "../../plan/owner-marks.ts";
import type { JobRequest, TimelineRecord } from "../../ports.ts";
import { jobDescription } from "./job-description.ts";
import { ownSteps } from "./steps-of-this-task.ts";

export type JobForecast =
  /** The approval or check that the run waits for, when nothing else is in progress. */
  | { readonly kind: "may come"; readonly why: string; readonly approval?: string }
  /** Everything else in the run waits for this job, or for jobs that create agents in parallel. */
  | { readonly kind: "waits for this job"; readonly jobs: readonly string[]; readonly beside?: true }
  /** Everything else in the run is complete. */
  | { readonly kind: "over"; readonly jobs: readonly string[] };

/** Kinds of plans that are not of a run, such as the pool's own maintenance, have ids of their own. */
const plansOfRuns = /^(build|release|deployment|gates)$/i;

/** True when the job belongs to this run. */
export function ofRun(run: RunIdentity, request: JobRequest): boolean {
  return (
    request.ownerId === run.runId &&
    plansOfRuns.test(request.planType) &&
    hostTypeOf(request.planType) === run.hostType &&
    request.scopeId.toLowerCase() === run.projectId.toLowerCase()
  );
}

/**
 * True when the agent is for such a job. What the pool of another organization serves is a job of that organization: its
 * demand brought it, but the pool's maintenance demands nothing.
 */
export function meantFor(run: RunIdentity, request: JobRequest): boolean {
  return run.elsewhere ? plansOfRuns.test(request.planType) : ofRun(run, request);
}

/** Ids of a record and of all that it is part of. */
export function ancestors(records: readonly TimelineRecord[], id: string): Set<string> {
  const found = new Set<string>([id]);
  for (let at = records.find((record) => record.id === id); at?.parentId; ) {
    found.add(at.parentId);
    at = records.find((record) => record.id === at?.parentId);
  }
  return found;
}

const scopes = ["Stage", "Phase", "Job"];

/**
 * @param requests the pool's requests of this run that are not finished and not ours to serve already
 * @param records the run's timeline, or undefined when it may not be read: then anything may come
 */
export function forecast(
  run: RunIdentity,
  requests: readonly JobRequest[],
  records: readonly TimelineRecord[] | undefined,
): JobForecast {
  const queued = requests.find((request) => request.jobId !== run.jobId);
  if (queued) return { kind: "may come", why: `${jobDescription(queued)} is queued` };
  if (records === undefined) return { kind: "may come", why: "the run's timeline may not be read" };
  const own = ancestors(records, run.jobId);
  const ownJob = run.jobId.toLowerCase();
  const others = records.filter(({ id, parentId }) => !own.has(id) && parentId?.toLowerCase() !== ownJob);
  // A queued job's phase counts as in progress: a guess (facts agent-protocol §4.2 has the field from memory only).
  // Read the other way the step ends some seconds early with advice, never late.
  // Of a checkpoint's records the one that says what kind it is (facts agent-protocol §4.2).
  const checks = others.filter((record) => record.type.startsWith("Checkpoint") && record.state !== "completed");
  const check = checks.find((record) => record.type !== "Checkpoint") ?? checks[0];
  // Whether a stage that waits for its check is in progress is not known; it does nothing else in either case.
  const held = check ? ancestors(records, check.id) : new Set<string>();
  const agents = agentsOnly(others);
  const moving = others.find(
    (record) =>
      scopes.includes(record.type) &&
      record.state === "inProgress" &&
      !held.has(record.id) &&
      !agents.has(record.id.toLowerCase()),
  );
  if (moving) return { kind: "may come", why: `${moving.type.toLowerCase()} '${moving.name}' is in progress` };
  if (check) {
    const approval = `${check.type.toLowerCase()} '${check.name}'`;
    return {
      kind: "may come",
      why: `${approval} is ${check.state === "pending" ? "pending" : "in progress"}`,
      approval,
    };
  }
  const phases = others.filter((record) => record.type === "Phase");
  const waiting = [...phases, ...others.filter((record) => record.type === "Stage")].filter(
    (record) => record.state === "pending",
  );
  if (waiting.length > 0) {
    const jobs = waiting.map((record) => record.name);
    return { kind: "waits for this job", jobs, ...(agents.size > 0 ? { beside: true } : {}) };
  }
  const ended = phases.filter((record) => !agents.has(record.id.toLowerCase()));
  return { kind: "over", jobs: ended.map((record) => `${record.name}: ${record.result ?? "unknown"}`) };
}

/**
 * Ids, in lower case, of the jobs in progress that run this task, and of the phases and stages in which nothing else goes on or
 * is to come. Such a job has its agent already, and waits as this one does: two would wait for each other.
 */
function agentsOnly(records: readonly TimelineRecord[]): Set<string> {
  const jobs = ownSteps(records).flatMap(({ state, parentId }) =>
    state !== "completed" && parentId ? [parentId] : [],
  );
  const found = new Set(jobs.map((id) => id.toLowerCase()));
  const inScope = records.filter((record) => scopes.includes(record.type));
  const open = inScope.filter((record) => record.state !== "completed");
  for (const type of ["Phase", "Stage"]) {
    for (const scope of open.filter((record) => record.type === type && record.state === "inProgress")) {
      const within = open.filter(({ parentId }) => parentId?.toLowerCase() === scope.id.toLowerCase());
      if (within.length > 0 && within.every(({ id }) => found.has(id.toLowerCase()))) found.add(scope.id.toLowerCase());
    }
  }
  return found;
}
