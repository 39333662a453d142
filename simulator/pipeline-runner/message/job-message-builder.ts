// Builds the message that hands a job to an agent.
import { randomUUID } from "node:crypto";
import { definitionLinks, ownerLinks } from "../../devops/jobs/run-links.ts";
import type { Run } from "../../devops/runs/runs.ts";
import type {
  Endpoint,
  JobMessage,
  JobStep,
  JobVariable,
  PlanReference,
  Repository,
} from "../../job-execution/job/job-message.ts";
import type { JobDefinition } from "../pipeline-model.ts";
import { taskReference } from "../validation/task-reference.ts";

/** Everything that goes into a job's message. */
interface JobParts {
  readonly run: Run;
  readonly job: JobDefinition;
  readonly jobId: string;
  readonly variables: Readonly<Record<string, JobVariable>>;
  /** Where the job reports to, and with what. */
  readonly organizationUrl: string;
  readonly token: string;
  readonly serviceConnections: readonly Endpoint[];
  /** Task name to the folder with its `task.json`. */
  readonly taskFolders: Readonly<Record<string, string>>;
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

function stepOf(step: JobDefinition["steps"][number], taskFolders: JobParts["taskFolders"]): JobStep {
  const { refName, displayName, condition, enabled, continueOnError, timeoutInMinutes, retryCountOnTaskFailure } = step;
  return {
    type: "task",
    reference: taskReference(step.task.name, taskFolders),
    id: randomUUID(),
    name: refName,
    displayName,
    condition,
    enabled,
    continueOnError,
    timeoutInMinutes,
    retryCountOnTaskFailure,
    environment: step.env,
    inputs: step.inputs,
  };
}

/** The version of plans that the service makes today is not known; an agent only wants to know that it is 8 or more. */
const planVersion = 12;

function planOf({ run, organizationUrl }: JobParts): PlanReference {
  const { kind, id, name, project, definition } = run;
  return {
    scopeIdentifier: project.id,
    planType: kind,
    version: planVersion,
    planId: run.planId,
    planGroup: `${kind}:${project.id}:${id}`,
    artifactUri: kind === "Build" ? `vstfs:///Build/Build/${id}` : `vstfs:///ReleaseManagement/Release/${id}`,
    definition: { _links: definitionLinks(organizationUrl, run), ...definition },
    owner: { _links: ownerLinks(organizationUrl, run), id, name },
  };
}

/** The sources that every job has; a job here has no step that checks them out. */
function sourcesOf({ run, organizationUrl }: JobParts): Repository {
  const { project } = run;
  const ref = "refs/heads/main";
  return {
    alias: "self",
    endpoint: { name: "SystemVssConnection" },
    properties: {
      id: project.id,
      type: "Git",
      version: "0000000000000000000000000000000000000000",
      name: project.name,
      project: project.id,
      defaultBranch: ref,
      ref,
      url: `${organizationUrl}${project.name}/_git/${project.name}`,
      checkoutOptions: {},
    },
  };
}

const asRegex = (value: string) => ({ type: "regex", value: value.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") }) as const;

/** Those service connections that an input of one of the job's steps names. */
export function connectionsOf(job: JobDefinition, all: readonly Endpoint[]): Endpoint[] {
  const named = new Set(job.steps.flatMap(({ inputs }) => Object.values(inputs)).map((value) => value.toLowerCase()));
  return all.filter(({ id }) => named.has(id.toLowerCase()));
}

/** The message an agent gets: only the service connections that the job's steps name go with it. */
export function jobMessage(parts: JobParts, requestId: number): JobMessage {
  const { run, job } = parts;
  const secrets = [{ value: parts.token }, ...Object.values(parts.variables).filter(({ isSecret }) => isSecret)];
  return {
    messageType: "PipelineAgentJobRequest",
    plan: planOf(parts),
    timeline: { id: run.timelineId, changeId: run.timeline.changeId, location: null },
    jobId: parts.jobId,
    jobName: job.instance.name,
    jobDisplayName: `${job.displayName}${job.instance.suffix}`,
    jobContainer: null,
    requestId,
    lockedUntil: "0001-01-01T00:00:00",
    mask: secrets.map(({ value }) => asRegex(value)),
    workspace: {},
    variables: { ...parts.variables, "System.AccessToken": { value: parts.token, isSecret: true } },
    resources: {
      endpoints: [
        systemConnection(parts.organizationUrl, parts.token),
        ...connectionsOf(job, parts.serviceConnections),
      ],
      repositories: [sourcesOf(parts)],
    },
    steps: job.steps.map((step) => stepOf(step, parts.taskFolders)),
  };
}
