// Pipelines that use the templates, as a person writes them.
import { fileURLToPath } from "node:url";
import { stringify } from "yaml";
import type { JobReport, RunReport } from "../../simulator/pipeline-runner/run/run-results.ts";
import { folderFiles, type TemplateFiles } from "../../simulator/pipeline-runner/templates/template-files.ts";
import type { Simulator } from "../../simulator/start-simulator.ts";
import type { Pipeline } from "../task/scenario/pipeline-run.ts";
import type { Scene } from "../task/scenario/scenario.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** A pipeline in a repository of its own, for which this one is a resource. */
export const templateFiles: TemplateFiles = {
  self: () => undefined,
  path: "azure-pipelines.yml",
  repository: ({ alias }) => (alias === "ephemeral-agents" ? folderFiles(repository) : undefined),
};

const resources = {
  repositories: [{ repository: "ephemeral-agents", type: "github", name: "YOUR-ORGANIZATION/ephemeral-agents" }],
};

/** The parameters that every use has. */
export function needed({ ready }: Simulator): Record<string, unknown> {
  return {
    azureSubscription: "azure-private-deployments",
    agentPool: ready.pool,
    agent: { resourceGroupName: ready.resourceGroup, imageName: ready.image, subnetId: ready.subnetId },
    steps: [{ bash: "echo on $(Agent.Name)" }],
  };
}

/** A pipeline of one stage, by stage.yml. */
export const stagePipeline = (parameters: Readonly<Record<string, unknown>>): string =>
  stringify({
    trigger: "none",
    resources,
    stages: [{ template: "templates/stage.yml@ephemeral-agents", parameters: { stage: "production", ...parameters } }],
  });

/** A pipeline of jobs, by deploy.yml, with others before it. */
export const jobsPipeline = (parameters: Readonly<Record<string, unknown>>, others: readonly object[] = []): string =>
  stringify({
    trigger: "none",
    resources,
    jobs: [...others, { template: "templates/deploy.yml@ephemeral-agents", parameters }],
  });

/** Starts one in a scene. */
export const start = (scene: Scene, yaml: string): Pipeline => scene.pipeline(yaml, { files: templateFiles });

/** Results by job. */
export const resultsOf = ({ jobs }: RunReport): Record<string, string> =>
  Object.fromEntries(Object.entries(jobs).map(([name, { result }]) => [name, result]));

/** What a job printed. */
export const logOf = (report: RunReport, job: string): string =>
  (report.jobs[job] as JobReport | undefined)?.log.join("\n") ?? "";
