// Jobs and runs for tests.
import { randomUUID } from "node:crypto";
import type { JobOffer, QueuedJob } from "../../../simulator/devops/job-queue.ts";
import type { Run } from "../../../simulator/devops/runs.ts";
import type { JobStep } from "../../../simulator/worker/job-message.ts";
import type { JobIdentity } from "./hand-agent.ts";
import type { Stand } from "./stand.ts";

interface OfferedJob extends QueuedJob {
  readonly run: Run;
  readonly identity: JobIdentity;
}

interface JobDetails {
  readonly demands?: readonly string[];
  readonly poolName?: string;
  readonly steps?: readonly JobStep[];
  readonly run?: Run;
  /** Version of its plan, 12 when left out; `null` is none, as plans had of old. */
  readonly planVersion?: number | null;
}

/** A run of the one definition every test uses. */
export const newRun = (stand: Stand): Run =>
  stand.organization.createRun({ project: "Shop", definition: { id: 3, name: "Deploy" }, kind: "Build" });

/** Queues one job of a run of its own, or of the one given. */
export function queueJob(stand: Stand, details: JobDetails = {}): OfferedJob {
  const { demands = [], poolName = stand.poolName, steps = [], run = newRun(stand) } = details;
  const { planVersion = 12 } = details;
  const jobId = randomUUID();
  const { token } = stand.organization.issueJobToken({ run });
  const offer: JobOffer = {
    poolName,
    planId: run.planId,
    planType: run.kind,
    scopeId: run.project.id,
    jobId,
    jobName: "Deploy",
    orchestrationId: `${run.planId}.stage.deploy.__default`,
    definition: run.definition,
    owner: { id: run.id, name: run.name },
    demands,
    message: (requestId) => ({
      messageType: "PipelineAgentJobRequest",
      plan: {
        planId: run.planId,
        scopeIdentifier: run.project.id,
        planType: run.kind,
        ...(planVersion === null ? {} : { version: planVersion }),
      },
      timeline: { id: run.timelineId },
      jobId,
      jobName: "deploy",
      jobDisplayName: "Deploy",
      requestId,
      variables: { "System.JobId": { value: jobId } },
      resources: {
        endpoints: [
          {
            id: randomUUID(),
            name: "SystemVssConnection",
            url: stand.organization.url,
            authorization: { scheme: "OAuth", parameters: { AccessToken: token } },
            data: {},
          },
        ],
      },
      steps,
    }),
  };
  const queued = stand.organization.queue(offer);
  const identity = { scopeId: run.project.id, planId: run.planId, jobId, requestId: queued.requestId };
  return { ...queued, run, identity };
}
