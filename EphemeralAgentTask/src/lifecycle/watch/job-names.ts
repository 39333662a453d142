// Adds job names from the run's timeline to job requests, which have none.
import type { RunIdentity } from "../../plan/owner-marks.ts";
import { type AgentPool, type AgentView, type JobRequest, type PipelineRun, ServiceFault } from "../../ports.ts";
import { ofRun } from "./job-forecast.ts";

interface Told extends Pick<JobRequest, "result"> {
  /** The name in the timeline; empty as long as the timeline has none. */
  readonly name: string;
  /** How often the timeline was read for it. */
  readonly reads: number;
}

/** How often the timeline is read for a name before giving up. */
const mostReads = 20;

/**
 * A pool whose requests of this run have the names of their jobs, and finished ones a result: the service says the former
 * nowhere else than in the timeline, and the latter not always (recordings, devops: jobrequests). A timeline that cannot
 * be read, or does not have the job yet, leaves a request as it is, and is read again with the next request for it.
 */
export function withNamedJobs(pool: AgentPool, pipelineRun: PipelineRun, run: RunIdentity): AgentPool {
  const known = new Map<string, Told>();

  const lacks = (request: JobRequest): boolean => {
    if (!ofRun(run, request)) return false;
    const told = known.get(request.jobId);
    if (told === undefined || (told.name === "" && told.reads < mostReads)) return true;
    return request.finished && request.result === undefined && told.result === undefined;
  };

  async function learn(requests: readonly JobRequest[], signal?: AbortSignal): Promise<void> {
    const wanted = requests.filter(lacks);
    if (wanted.length === 0) return;
    const records = await readable(pipelineRun, signal);
    for (const { jobId } of wanted) {
      const record = records.find(({ id }) => id.toLowerCase() === jobId.toLowerCase());
      const { name = "", reads = 0 } = known.get(jobId) ?? {};
      const result = record?.result;
      known.set(jobId, {
        name: record?.name ?? name,
        reads: reads + 1,
        ...(result === undefined ? {} : { result }),
      });
    }
  }

  function completed(request: JobRequest): JobRequest {
    const told = ofRun(run, request) ? known.get(request.jobId) : undefined;
    if (told === undefined) return request;
    const result = request.result ?? (request.finished ? told.result : undefined);
    return { ...request, jobName: told.name || request.jobName, ...(result === undefined ? {} : { result }) };
  }

  const requestsOf = ({ assignedRequest, lastCompletedRequest }: AgentView): JobRequest[] =>
    [assignedRequest, lastCompletedRequest].filter((request) => request !== undefined);

  async function agents(views: readonly AgentView[], signal?: AbortSignal): Promise<AgentView[]> {
    await learn(views.flatMap(requestsOf), signal);
    return views.map((view) => ({
      ...view,
      ...(view.assignedRequest ? { assignedRequest: completed(view.assignedRequest) } : {}),
      ...(view.lastCompletedRequest ? { lastCompletedRequest: completed(view.lastCompletedRequest) } : {}),
    }));
  }

  async function agent(view: AgentView | undefined, signal?: AbortSignal): Promise<AgentView | undefined> {
    return view && (await agents([view], signal))[0];
  }

  return {
    ...pool,
    get: async (id, signal) => agent(await pool.get(id, signal), signal),
    find: async (name, signal) => agent(await pool.find(name, signal), signal),
    list: async (signal) => agents(await pool.list(signal), signal),
    async jobRequests(signal) {
      const requests = await pool.jobRequests(signal);
      await learn(requests, signal);
      return requests.map(completed);
    },
  };
}

/** A name is worth one read, and a failed read is ignored. */
async function readable(pipelineRun: PipelineRun, signal?: AbortSignal) {
  try {
    return (await pipelineRun.timeline(signal)) ?? [];
  } catch (error) {
    if (error instanceof ServiceFault) return [];
    throw error;
  }
}
