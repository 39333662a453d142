// The built task as a step of a simulated run, without a pipeline around it: for tests that signal, kill or look
// between the stages. Anything with several jobs is simpler as a pipeline.
import { randomUUID } from "node:crypto";
import { fileURLToPath } from "node:url";
import type { QueuedJob } from "../../../simulator/devops/jobs/job-queue.ts";
import type { Run } from "../../../simulator/devops/runs/runs.ts";
import { jobMessage } from "../../../simulator/pipeline-runner/message/job-message-builder.ts";
import { runVariables } from "../../../simulator/pipeline-runner/message/run-variables.ts";
import type { JobDefinition } from "../../../simulator/pipeline-runner/pipeline-model.ts";
import { projectConnections } from "../../../simulator/pipeline-runner/service-connections/project-connections.ts";
import { readPipeline } from "../../../simulator/pipeline-runner/yaml/read-pipeline.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import type { TaskStart } from "./task-job.ts";

/** Where `npm run build` puts the task. */
export const builtTask = fileURLToPath(new URL("../../../dist/EphemeralAgentTask", import.meta.url));

export interface SimulatedStep {
  /** The run the step belongs to; its timeline shows the step's job as running. */
  readonly run: Run;
  readonly start: TaskStart;
  /** Shows the step's own job as over: another step of the same run may follow. */
  jobEnded(result: "succeeded" | "failed"): void;
  /** Queues another job of the same run to the pool: a bash script for whichever agent meets the demands. */
  queueJob(script: string, demands: readonly string[]): QueuedJob;
}

/** Inputs that every action needs, and those of `create`, fitting the simulator. */
export function usualInputs({ ready }: Simulator): Record<string, string> {
  return {
    azureSubscription: "azure-private-deployments",
    resourceGroupName: ready.resourceGroup,
    agentPool: ready.pool,
    imageName: ready.image,
    subnetId: ready.subnetId,
  };
}

function recordOwnJob(run: Run): { readonly job: string; readonly phase: string; readonly stage: string } {
  const [stage, phase, job] = [randomUUID(), randomUUID(), randomUUID()];
  const state = "inProgress";
  run.record({ id: stage, parentId: null, type: "Stage", name: "__default", identifier: "__default", state });
  run.record({ id: phase, parentId: stage, type: "Phase", name: "agent", identifier: "agent", state });
  run.record({ id: job, parentId: phase, type: "Job", name: "agent", identifier: "agent.__default", state });
  return { job, phase, stage };
}

function queueScript(simulator: Simulator, run: Run, script: string, demands: readonly string[]): QueuedJob {
  const { organization } = simulator;
  const [job] = readPipeline(`steps: [{ bash: ${JSON.stringify(script)} }]`).stages[0]?.jobs ?? [];
  if (job === undefined) throw new Error("The script makes no job.");
  const deploy: JobDefinition = { ...job, name: "deploy", displayName: "deploy" };
  const jobId = randomUUID();
  const phase = randomUUID();
  run.record({ id: phase, parentId: null, type: "Phase", name: "deploy", identifier: "deploy", state: "inProgress" });
  run.record({
    id: jobId,
    parentId: phase,
    type: "Job",
    name: "deploy",
    identifier: "deploy.__default",
    state: "pending",
  });
  const { token } = organization.issueJobToken({ run });
  const variables = Object.fromEntries(
    Object.entries(runVariables(organization, run)).map(([name, value]) => [name, { value }]),
  );
  const parts = {
    run,
    job: deploy,
    jobId,
    variables,
    organizationUrl: organization.url,
    token,
    serviceConnections: [],
    taskFolders: {},
  };
  const queued = organization.queue({
    poolName: simulator.ready.pool,
    planId: run.planId,
    planType: run.kind,
    scopeId: run.project.id,
    jobId,
    jobName: deploy.displayName,
    orchestrationId: `${run.planId}.deploy.__default`,
    definition: run.definition,
    owner: { id: run.id, name: run.name },
    demands,
    message: (requestId) => jobMessage(parts, requestId),
  });
  void queued.outcome.then(({ result }) => {
    run.record({ id: jobId, state: "completed", result });
    run.record({ id: phase, state: "completed", result });
  });
  return queued;
}

/**
 * A step of the built task in a run of its own.
 * @param inputs beside `usualInputs`; they override those.
 */
export function stepIn(
  simulator: Simulator,
  inputs: Readonly<Record<string, string>>,
  part: Partial<TaskStart> & { readonly run?: Run } = {},
): SimulatedStep {
  const { organization, ready } = simulator;
  const { run: given, ...rest } = part;
  const run =
    given ?? organization.createRun({ project: ready.project, definition: { id: 1, name: "deploy" }, kind: "Build" });
  run.start();
  const endpoints = projectConnections(simulator);
  const all = Object.entries({ ...usualInputs(simulator), ...inputs });
  const named = all.map(([name, value]) => [name, endpoints.find((one) => one.name === value)?.id ?? value]);
  const own = recordOwnJob(run);
  const start: TaskStart = {
    taskFolder: builtTask,
    inputs: Object.fromEntries(named),
    endpoints,
    jobToken: organization.issueJobToken({ run }).token,
    collectionUrl: organization.url,
    ...rest,
    variables: {
      ...runVariables(organization, run),
      "System.JobId": own.job,
      "System.StageName": "__default",
      "System.StageAttempt": "1",
      "System.JobAttempt": "1",
      "System.PhaseName": "agent",
      "System.JobDisplayName": "agent",
      ...rest.variables,
    },
    environment: { NODE_EXTRA_CA_CERTS: simulator.caFile, ...rest.environment },
  };
  const jobEnded = (result: "succeeded" | "failed") => {
    for (const id of Object.values(own)) run.record({ id, state: "completed", result });
  };
  return { run, start, jobEnded, queueJob: (script, demands) => queueScript(simulator, run, script, demands) };
}
