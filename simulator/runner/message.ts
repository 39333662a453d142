import { randomUUID } from "node:crypto";
import type { Run } from "../devops/runs.ts";
import type { Endpoint, JobMessage, JobStep, JobVariable } from "../worker/job-message.ts";
import type { JobDefinition } from "./pipeline.ts";

/** Everything that goes into a job's message. */
export interface JobParts {
  readonly run: Run;
  readonly job: JobDefinition;
  readonly jobId: string;
  readonly variables: Readonly<Record<string, JobVariable>>;
  /** Where the job reports to, and with what. */
  readonly organizationUrl: string;
  readonly token: string;
  readonly serviceConnections: readonly Endpoint[];
}

/** The job's own connection; its id is all zeros, which is how an agent knows it. */
function systemConnection(url: string, token: string): Endpoint {
  return {
    id: "00000000-0000-0000-0000-000000000000",
    name: "SystemVssConnection",
    url,
    authorization: { scheme: "OAuth", parameters: { AccessToken: token } },
    data: { ServerId: randomUUID(), ServerName: "contoso" },
  };
}

function stepOf({ line: _, ...step }: JobDefinition["steps"][number]): JobStep {
  return { ...step, id: randomUUID() };
}

/** Those service connections that an input of one of the job's steps names. */
export function connectionsOf(job: JobDefinition, all: readonly Endpoint[]): Endpoint[] {
  const named = new Set(job.steps.flatMap(({ inputs }) => Object.values(inputs)).map((value) => value.toLowerCase()));
  return all.filter(({ id }) => named.has(id.toLowerCase()));
}

/** The message an agent gets: only the service connections that the job's steps name go with it. */
export function jobMessage(parts: JobParts, requestId: number): JobMessage {
  const { run, job } = parts;
  return {
    messageType: "PipelineAgentJobRequest",
    plan: { planId: run.planId, scopeIdentifier: run.project.id, planType: run.kind },
    timeline: { id: run.timelineId },
    jobId: parts.jobId,
    jobName: job.instance.name,
    jobDisplayName: `${job.displayName}${job.instance.suffix}`,
    requestId,
    variables: { ...parts.variables, "System.AccessToken": { value: parts.token, isSecret: true } },
    resources: {
      endpoints: [
        systemConnection(parts.organizationUrl, parts.token),
        ...connectionsOf(job, parts.serviceConnections),
      ],
    },
    steps: job.steps.map(stepOf),
  };
}
