// Reads the jobs of a pipeline file.
import { isMap, type Node, type YAMLMap } from "yaml";
import type { JobDefinition, Pool } from "../pipeline-model.ts";
import { type JobDraft, newJob } from "./job-draft.ts";
import { readSteps } from "./read-steps.ts";
import { readStrategy } from "./read-strategy.ts";
import { readCondition, readPool, readVariables } from "./read-values.ts";
import type { Read, YamlSource } from "./yaml-reader.ts";

/** Names that a job's condition can use, besides status functions. */
const CONDITION_NAMES = ["variables", "dependencies", "stagedependencies"];

/** Keys of a job that a file with nothing but steps may have as well. */
export function looseJobKeys(source: YamlSource, job: JobDraft): Record<string, Read> {
  return {
    steps: (node) => {
      job.steps = readSteps(source, node);
    },
    timeoutInMinutes: (node) => {
      job.timeoutInMinutes = source.integer(node, "timeoutInMinutes of a job");
    },
    cancelTimeoutInMinutes: (node) => {
      job.cancelTimeoutInMinutes = source.integer(node, "cancelTimeoutInMinutes of a job");
    },
  };
}

function keysOf(source: YamlSource, job: JobDraft, kind: "job" | "deployment"): Record<string, Read> {
  const { steps, ...times } = looseJobKeys(source, job);
  return {
    [kind]: (node) => {
      job.name = source.text(node, kind);
      if (job.name !== "" && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(job.name))
        source.problem(node, `the job name '${job.name}' may have letters, digits and underscores only`);
    },
    displayName: (node) => {
      job.displayName = source.text(node, "displayName of a job");
    },
    dependsOn: (node) => {
      job.dependsOn = source.texts(node, "dependsOn of a job");
    },
    condition: (node) => {
      job.condition = readCondition(source, node, CONDITION_NAMES);
    },
    pool: (node) => {
      job.pool = readPool(source, node);
    },
    variables: (node) => {
      job.variables = readVariables(source, node);
    },
    workspace: (node) => source.map(node, "workspace", { clean: () => undefined }),
    ...times,
    strategy: (node) => readStrategy(source, job, kind, node),
    ...(kind === "job"
      ? { ...(steps === undefined ? {} : { steps }) }
      : { environment: (node) => readEnvironment(source, node) }),
  };
}

/** `environment:` by name. Its approvals and resources are not simulated. */
function readEnvironment(source: YamlSource, node: Node): void {
  if (!isMap(node)) {
    source.text(node, "environment");
    return;
  }
  source.map(node, "an environment", { name: (child) => void source.text(child, "name of an environment") });
}

/** The jobs of a stage. */
export function readJobs(source: YamlSource, node: Node, pool: Pool | undefined): JobDefinition[] {
  const jobs = source.list(node, "jobs").flatMap((item, index) => {
    const kind = ["job", "deployment"].find((key) => isMap(item) && (item as YAMLMap).has(key));
    if (kind !== "job" && kind !== "deployment") {
      const [[found] = []] = isMap(item) ? source.entries(item, "a job") : [];
      source.problem(item, `a job must be one of: job, deployment, template${found ? `; there is: ${found}` : ""}`);
      return [];
    }
    const job = newJob(source.line(item), pool);
    job.kind = kind;
    source.map(item, `a ${kind}`, keysOf(source, job, kind));
    if (job.name === "") job.name = `Job${index + 1}`;
    job.displayName ||= job.name;
    if (kind === "deployment" && job.pool.kind === "self-hosted" && job.pool.name.includes("$("))
      source.problem(item, `the pool of a deployment job cannot be named by a variable ('${job.pool.name}')`);
    return [job];
  });
  for (const [index, job] of jobs.entries()) {
    if (jobs.findIndex(({ name }) => name.toLowerCase() === job.name.toLowerCase()) !== index)
      source.problem(node, `two jobs are named '${job.name}'`);
    for (const dependency of job.dependsOn)
      if (!jobs.some(({ name }) => name.toLowerCase() === dependency.toLowerCase()))
        source.problem(node, `the job '${job.name}' depends on '${dependency}', and there is no such job in its stage`);
  }
  return jobs;
}

/** The one job of a file that has only steps. */
export function soleJob(job: JobDraft): JobDefinition {
  return { ...job, name: "Job", displayName: "Job" };
}
