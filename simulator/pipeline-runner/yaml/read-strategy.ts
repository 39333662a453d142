// `strategy:` of a job: which jobs a phase consists of.
import { isMap, type Node, type YAMLMap } from "yaml";
import type { JobInstance, Pool, StepDefinition, VariableDefinition } from "../pipeline-model.ts";
import type { JobDraft } from "./job-draft.ts";
import { readSteps } from "./read-steps.ts";
import { readPool } from "./read-values.ts";
import type { Read, YamlSource } from "./yaml-reader.ts";

const LEG_NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

function readLegs(source: YamlSource, job: JobDraft, node: Node): void {
  if (!isMap(node)) {
    source.problem(
      node,
      "a matrix must be a mapping of names to variables; one made at run time is not supported here",
    );
    return;
  }
  const legs = source.entries(node, "matrix");
  if (legs.length === 0) source.problem(node, "a matrix needs at least one entry");
  job.instances = legs.map(([name, value, key], index) => {
    if (!LEG_NAME.test(name))
      source.problem(key, `the matrix name '${name}' may have letters, digits and underscores only`);
    const variables: VariableDefinition[] = source
      .entries(value, `matrix entry ${name}`)
      .map(([variable, text]) => ({ name: variable, value: source.text(text, `variable ${variable}`) }));
    return { name, suffix: ` ${name}`, position: index + 1, total: legs.length, variables };
  });
}

/** Slices of one job: each gets its position, and steps tell by it what is theirs. */
function readSlices(source: YamlSource, job: JobDraft, node: Node): void {
  const count = source.integer(node, "parallel");
  if (!(count >= 1 && count <= 99)) source.problem(node, "parallel must be 1 to 99");
  else {
    // How the service calls them is a guess.
    job.instances = Array.from({ length: count }, (_, index) => {
      const position = index + 1;
      return { name: `Job${position}`, suffix: ` ${position}`, position, total: count, variables: [] };
    });
  }
}

function readJobStrategy(source: YamlSource, job: JobDraft, node: Node): void {
  source.map(node, "strategy", {
    matrix: (legs) => readLegs(source, job, legs),
    parallel: (count) => readSlices(source, job, count),
    maxParallel: (most) => {
      const text = source.integer(most, "maxParallel");
      job.maxParallel = text === 0 ? Number.POSITIVE_INFINITY : text;
    },
  });
  const has = (key: string): boolean => isMap(node) && (node as YAMLMap).has(key);
  if (has("matrix") && has("parallel")) source.problem(node, "a strategy has either a matrix or parallel");
}

/**
 * The lifecycle hooks of a deployment: a job each, one after the other, then `on: success` or `on: failure`
 * ("Deployment jobs", lifecycle hooks).
 */
function readHooks(source: YamlSource, job: JobDraft, node: Node): void {
  const found: JobInstance[] = [];
  const hook =
    (name: string, when: NonNullable<JobInstance["when"]>): Read =>
    (child) => {
      const made: { pool?: Pool; steps: readonly StepDefinition[] } = { steps: [] };
      source.map(child, name, {
        pool: (pool) => {
          made.pool = readPool(source, pool);
        },
        steps: (steps) => {
          made.steps = readSteps(source, steps);
        },
      });
      found.push({ name, suffix: ` ${name}`, position: found.length + 1, total: 1, variables: [], when, ...made });
    };
  source.map(node, "runOnce", {
    preDeploy: hook("preDeploy", "inTurn"),
    deploy: hook("deploy", "inTurn"),
    routeTraffic: hook("routeTraffic", "inTurn"),
    postRouteTraffic: hook("postRouteTraffic", "inTurn"),
    on: (child) =>
      source.map(child, "on", { failure: hook("failure", "afterFailure"), success: hook("success", "afterSuccess") }),
  });
  const deploy = found.find(({ name }) => name === "deploy");
  if (deploy === undefined) source.problem(node, "runOnce needs a deploy hook");
  const order = ["preDeploy", "deploy", "routeTraffic", "postRouteTraffic", "success", "failure"];
  found.sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name));
  job.steps = deploy?.steps ?? [];
  if (deploy?.pool) job.pool = deploy.pool;
  // The usual deployment, with nothing but its deploy hook, is one job like any other.
  if (found.length > 1)
    job.instances = found.map((one, index) => ({ ...one, position: index + 1, total: found.length }));
}

/** Reads `strategy` of a job or a deployment. */
export function readStrategy(source: YamlSource, job: JobDraft, kind: "job" | "deployment", node: Node): void {
  if (kind === "job") readJobStrategy(source, job, node);
  else source.map(node, "strategy", { runOnce: (hooks) => readHooks(source, job, hooks) });
}
