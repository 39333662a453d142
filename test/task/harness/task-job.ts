import { randomUUID } from "node:crypto";
import type { JobMessage, JobStep } from "../../../simulator/worker/job-message.ts";
import { readTaskDefinition, versionText } from "../../../simulator/worker/task-definition.ts";
import type { TaskStart } from "./run-task.ts";

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
