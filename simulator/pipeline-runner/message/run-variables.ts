// The variables of runs, stages and jobs.
import type { Organization } from "../../devops/organization.ts";
import type { Run, RunKind } from "../../devops/runs/runs.ts";
import { evaluateText } from "../../expressions/evaluate.ts";
import type { JobVariable } from "../../job-execution/job/job-message.ts";
import type { JobDefinition, StageDefinition, VariableDefinition } from "../pipeline-model.ts";
import { type ConditionInput, valueScope } from "../run/conditions.ts";
import { type Attempts, idOf, jobIdentifier, phaseIdentifier } from "./job-ids.ts";
import { releaseJobVariables, releaseStageVariables, releaseVariables } from "./release-variables.ts";

/** Variables that a template expression can use: the run has no id or number yet ("Use predefined variables", column
 * "Available in templates?"). */
export function knownBeforeRun(project: string): Record<string, string> {
  return {
    "Build.Reason": "Manual",
    "Build.SourceBranch": "refs/heads/main",
    "Build.SourceBranchName": "main",
    "Build.Repository.Name": project,
    "Build.Repository.Provider": "TfsGit",
    "System.TeamProject": project,
    "System.HostType": "build",
  };
}

/** What the service says of a run to all of its stages. */
export function runVariables(organization: Organization, run: Run): Record<string, string> {
  return {
    "System.CollectionId": organization.id,
    "System.CollectionUri": organization.url,
    "System.TeamFoundationCollectionUri": organization.url,
    "System.TeamFoundationServerUri": organization.url,
    "System.TaskDefinitionsUri": organization.url,
    "System.TeamProject": run.project.name,
    "System.TeamProjectId": run.project.id,
    "System.DefinitionId": String(run.definition.id),
    "System.DefinitionName": run.definition.name,
    "System.HostType": run.kind.toLowerCase(),
    "System.ServerType": "Hosted",
    "System.Culture": "en-US",
    "System.PlanId": run.planId,
    "System.TimelineId": run.timelineId,
    "System.IsScheduled": "False",
    "System.EnableAccessToken": "SecretVariable",
    system: run.kind.toLowerCase(),
    ...(run.kind === "Release" ? releaseVariables(run) : buildVariables(run)),
  };
}

function buildVariables(run: Run): Record<string, string> {
  return {
    "Build.BuildId": String(run.id),
    "Build.BuildNumber": run.name,
    "Build.BuildUri": `vstfs:///Build/Build/${run.id}`,
    "Build.DefinitionName": run.definition.name,
    "Build.DefinitionVersion": "1",
    "Build.Reason": "Manual",
    "Build.QueuedBy": "Owner",
    "Build.RequestedFor": "Owner",
    "Build.SourceBranch": "refs/heads/main",
    "Build.SourceBranchName": "main",
    "Build.Repository.Name": run.project.name,
    "Build.Repository.Provider": "TfsGit",
    "Build.Repository.Clean": "False",
  };
}

/** What is known of a stage before its jobs are queued. */
export function stageVariables(kind: RunKind, stage: StageDefinition, attempts: Attempts): Record<string, string> {
  if (kind === "Release") return releaseStageVariables(stage, attempts);
  return {
    "System.StageName": stage.name,
    "System.StageDisplayName": stage.displayName,
    "System.StageAttempt": String(attempts.stage),
    "System.StageId": idOf(stage.name, 1),
  };
}

export function jobVariables(
  kind: RunKind,
  stage: StageDefinition,
  job: JobDefinition,
  attempts: Attempts,
): Record<string, string> {
  if (kind === "Release") return releaseJobVariables(stage, job, attempts);
  return {
    ...stageVariables(kind, stage, attempts),
    "System.PhaseName": job.name,
    "System.PhaseDisplayName": job.displayName,
    "System.PhaseAttempt": String(attempts.job),
    "System.PhaseId": idOf(phaseIdentifier(stage.name, job.name), 1),
    "System.JobName": job.instance.name,
    "System.JobDisplayName": `${job.displayName}${job.instance.suffix}`,
    "System.JobIdentifier": jobIdentifier(stage.name, job.name, job.instance.name),
    "System.JobId": idOf(jobIdentifier(stage.name, job.name, job.instance.name), attempts.job),
    "System.JobAttempt": String(attempts.job),
    "System.JobPositionInPhase": String(job.instance.position),
    "System.TotalJobsInPhase": String(job.instance.total),
    "System.JobTimeout": String(job.timeoutInMinutes),
  };
}

const RUNTIME = /^\$\[(.*)\]$/s;

/** Variables whose value does not depend on another job: known when the job is queued. */
export function fixedVariables(definitions: readonly VariableDefinition[]): Record<string, string> {
  const fixed = definitions.filter(({ value }) => !RUNTIME.test(value.trim()));
  return Object.fromEntries(fixed.map(({ name, value }) => [name, value]));
}

/** All variables of a job, with every `$[ ]` worked out; one that holds a secret output is secret itself. */
export function workedOut(
  definitions: readonly VariableDefinition[],
  input: ConditionInput,
): Record<string, JobVariable> {
  const known: Record<string, string> = { ...input.variables };
  const ended = [
    ...input.ancestors.values(),
    ...[...(input.stageDependencies?.values() ?? [])].flatMap((jobs) => [...jobs.values()]),
  ];
  const secrets = ended.flatMap(({ outputs }) => Object.values(outputs)).filter(({ isSecret }) => isSecret);
  const result: Record<string, JobVariable> = {};
  for (const { name, value } of definitions) {
    const expression = RUNTIME.exec(value.trim())?.[1];
    const text =
      expression === undefined ? value : evaluateText(expression, valueScope({ ...input, variables: known }));
    known[name] = text;
    const isSecret = secrets.some((secret) => secret.value !== "" && text.includes(secret.value));
    result[name] = isSecret ? { value: text, isSecret } : { value: text };
  }
  return result;
}
