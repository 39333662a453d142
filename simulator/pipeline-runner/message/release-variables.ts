// What a classic release tells its jobs (Azure Pipelines documentation, "Classic release and artifacts variables"):
// nothing of a build, and stages and attempts in words of its own.
import type { Run } from "../../devops/runs/runs.ts";
import type { JobDefinition, StageDefinition } from "../pipeline-model.ts";
import { type Attempts, idOf, jobIdentifier, phaseIdentifier } from "./job-ids.ts";

export function releaseVariables({ id, name, definition }: Run): Record<string, string> {
  return {
    "Release.ReleaseId": String(id),
    "Release.ReleaseName": name,
    "Release.ReleaseUri": `vstfs:///ReleaseManagement/Release/${id}`,
    "Release.DefinitionId": String(definition.id),
    "Release.DefinitionName": definition.name,
    "Release.Reason": "Manual",
    "Release.RequestedFor": "Owner",
  };
}

export function releaseStageVariables(stage: StageDefinition, attempts: Attempts): Record<string, string> {
  return {
    "Release.EnvironmentName": stage.displayName,
    "Release.AttemptNumber": String(attempts.stage),
  };
}

/** A job of a stage, which a release calls a phase of it. */
export function releaseJobVariables(stage: StageDefinition, job: JobDefinition, attempts: Attempts) {
  return {
    ...releaseStageVariables(stage, attempts),
    "Release.DeployPhaseId": idOf(phaseIdentifier(stage.name, job.name), 1),
    "System.JobId": idOf(jobIdentifier(stage.name, job.name, job.instance.name), attempts.job),
  };
}
