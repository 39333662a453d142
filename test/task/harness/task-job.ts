// Builds a job of one step for a test.
import { randomUUID } from "node:crypto";
import type { Endpoint, JobMessage, JobStep, JobVariable } from "../../../simulator/job-execution/job/job-message.ts";
import { readTaskDefinition, versionText } from "../../../simulator/job-execution/tasks/task-definition.ts";

/** The job of one step that a task is started in. */
export function jobOf(start: TaskStart): JobMessage {
  const definition = readTaskDefinition(start.taskFolder);
  const { id, name } = definition;
  const planId = randomUUID();
  const step: JobStep = {
    type: "task",
    reference: { id, name, version: versionText(definition) },
    id: randomUUID(),
    name: "task",
    displayName: name,
    condition: "succeeded()",
    enabled: true,
    continueOnError: false,
    timeoutInMinutes: 0,
    retryCountOnTaskFailure: 0,
    environment: start.env ?? {},
    inputs: start.inputs,
  };
  const given = Object.entries({
    "System.HostType": "build",
    "System.CollectionUri": start.collectionUrl,
    "System.TeamFoundationCollectionUri": start.collectionUrl,
    "System.PlanId": planId,
    "System.JobId": randomUUID(),
    "System.AccessToken": { value: start.jobToken, isSecret: true },
    ...start.variables,
  });
  const variables = given.map(([key, value]) => [key, typeof value === "string" ? { value } : value] as const);
  return {
    messageType: "PipelineAgentJobRequest",
    plan: { planId, scopeIdentifier: randomUUID(), planType: "Build" },
    timeline: { id: randomUUID() },
    jobId: randomUUID(),
    jobName: "__default",
    jobDisplayName: "Job under test",
    requestId: 1,
    variables: Object.fromEntries(variables),
    resources: {
      endpoints: [
        {
          id: "00000000-0000-0000-0000-000000000000",
          name: "SystemVssConnection",
          url: start.collectionUrl,
          authorization: { scheme: "OAuth", parameters: { AccessToken: start.jobToken } },
          data: {},
        },
        ...(start.endpoints ?? []),
      ],
    },
    steps: [step],
  };
}

export interface TaskStart {
  /** The folder with `task.json` and the bundle. */
  readonly taskFolder: string;
  readonly inputs: Readonly<Record<string, string>>;
  /** Service connections that the inputs may name by id. */
  readonly endpoints?: readonly Endpoint[];
  /** Pipeline variables as the service gives them, e.g. `Build.BuildId`. */
  readonly variables?: Readonly<Record<string, string | JobVariable>>;
  /** Token of the job's own connection. */
  readonly jobToken: string;
  /** Address of the job's own connection: the collection. */
  readonly collectionUrl: string;
  /** The node binary; this process's by default. */
  readonly node?: string;
  /** What the machine adds to the environment, e.g. `NODE_EXTRA_CA_CERTS`. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The step's own `env:`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Sends signals to the task's process, each when its promise resolves. */
  readonly signals?: readonly { readonly signal: NodeJS.Signals; readonly when: Promise<unknown> }[];
  /** Cancels the job, as the service does: SIGINT, SIGTERM, SIGKILL, and the post-job stage sees a canceled job. */
  readonly cancelWhen?: Promise<unknown>;
  /** Sees every line of the log, masked, as it comes. */
  readonly onLine?: (line: string) => void;
}
