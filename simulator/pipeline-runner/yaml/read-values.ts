// Parts that stages, jobs and the file itself share.
import { isMap, isScalar, isSeq, type Node } from "yaml";
import { functions } from "../../expressions/functions.ts";
import { ExpressionError, mentioned, parseExpression } from "../../expressions/parse.ts";
import type { Pool, VariableDefinition } from "../pipeline-model.ts";
import type { YamlSource } from "./yaml-reader.ts";

/** `variables:` as a mapping, or as a list of names and values. */
export function readVariables(source: YamlSource, node: Node): VariableDefinition[] {
  if (!isSeq(node))
    return source
      .entries(node, "variables")
      .map(([name, value]) => ({ name, value: source.text(value, `variable ${name}`) }));
  return source.list(node, "variables").map((item) => {
    let name = "";
    let value = "";
    source.map(item, "a variable", {
      name: (child) => {
        name = source.text(child, "name of a variable");
      },
      value: (child) => {
        value = source.text(child, "value of a variable");
      },
      readonly: (child) => void source.boolean(child, "readonly of a variable"),
    });
    return { name, value };
  });
}

const HOSTED_POOL = "azure pipelines";
/** How Microsoft-hosted pools were called before there was one for all images; pipelines of that time name them. */
const FORMER_HOSTED_POOL = /^hosted( ubuntu 1604| vs2017| macos| windows container)?$/i;

/** `pool:` as a name, or as a mapping. */
export function readPool(source: YamlSource, node: Node): Pool {
  if (isScalar(node)) return poolNamed(source, node, source.text(node, "pool"), []);
  let name: string | undefined;
  let vmImage: string | undefined;
  let demands: string[] = [];
  source.map(node, "a pool", {
    name: (child) => {
      name = source.text(child, "name of a pool");
    },
    vmImage: (child) => {
      vmImage = source.text(child, "vmImage of a pool");
    },
    demands: (child) => {
      demands = source.texts(child, "demands of a pool");
    },
  });
  if (vmImage !== undefined) {
    if (name !== undefined && name.toLowerCase() !== HOSTED_POOL)
      source.problem(node, `a pool has a vmImage only when it is Microsoft-hosted, and '${name}' is not`);
    return { kind: "hosted", vmImage };
  }
  if (name === undefined && isMap(node)) source.problem(node, "a pool needs a name or a vmImage");
  return poolNamed(source, node, name ?? "", demands);
}

function poolNamed(source: YamlSource, node: Node, name: string, demands: readonly string[]): Pool {
  if (name.toLowerCase() === "server") source.problem(node, "agentless jobs ('pool: server') are not supported here");
  if (name.toLowerCase() === HOSTED_POOL || FORMER_HOSTED_POOL.test(name))
    return { kind: "hosted", vmImage: "ubuntu-latest" };
  return { kind: "self-hosted", name, demands };
}

const STATUS = ["always", "canceled", "failed", "succeeded", "succeededOrFailed"].map((name) => name.toLowerCase());

/** A condition, read now so that a mistake shows before anything runs. */
export function readCondition(source: YamlSource, node: Node, names: readonly string[]): string {
  const condition = source.text(node, "condition");
  try {
    const found = mentioned(parseExpression(condition));
    for (const name of found.functions)
      if (!STATUS.includes(name.toLowerCase()) && functions[name.toLowerCase()] === undefined)
        source.problem(node, `the function '${name}' of a condition is not supported here`);
    for (const name of found.names)
      if (!names.includes(name.toLowerCase()))
        source.problem(node, `'${name}' cannot be used in this condition; there are: ${names.join(", ")}`);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    source.problem(node, error.message);
  }
  return condition;
}
