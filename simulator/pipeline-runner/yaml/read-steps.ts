// Reads the steps of a pipeline file.
import { isMap, type Node, type YAMLMap } from "yaml";
import type { StepDefinition } from "../pipeline-model.ts";
import { readCondition } from "./read-values.ts";
import { originOf } from "./source-origins.ts";
import type { Read, YamlSource } from "./yaml-reader.ts";

type Draft = { -readonly [Key in keyof StepDefinition]: StepDefinition[Key] };

/** Keys that any step may have. */
function commonKeys(source: YamlSource, step: Draft): Record<string, Read> {
  return {
    name: (node) => {
      step.refName = source.text(node, "name of a step");
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(step.refName))
        source.problem(node, `the step name '${step.refName}' may have letters, digits and underscores only`);
    },
    displayName: (node) => {
      step.displayName = source.text(node, "displayName of a step");
    },
    condition: (node) => {
      step.condition = readCondition(source, node, ["variables"]);
    },
    enabled: (node) => {
      step.enabled = source.boolean(node, "enabled of a step");
    },
    continueOnError: (node) => {
      step.continueOnError = source.boolean(node, "continueOnError of a step");
    },
    timeoutInMinutes: (node) => {
      step.timeoutInMinutes = source.integer(node, "timeoutInMinutes of a step");
    },
    retryCountOnTaskFailure: (node) => {
      step.retryCountOnTaskFailure = source.integer(node, "retryCountOnTaskFailure of a step");
    },
    env: (node) => {
      step.env = texts(source, node, "env");
    },
  };
}

function texts(source: YamlSource, node: Node, what: string): Record<string, string> {
  return Object.fromEntries(
    source.entries(node, what).map(([name, value]) => [name, source.text(value, `${name} of ${what}`)]),
  );
}

function scriptKeys(source: YamlSource, step: Draft, key: string): Record<string, Read> {
  const inputs: Record<string, string> = {};
  step.inputs = inputs;
  return {
    [key]: (node) => {
      inputs.script = source.text(node, key);
    },
    workingDirectory: (node) => {
      inputs.workingDirectory = source.text(node, "workingDirectory");
    },
    failOnStderr: (node) => {
      inputs.failOnStderr = String(source.boolean(node, "failOnStderr"));
    },
    ...commonKeys(source, step),
  };
}

function taskKeys(source: YamlSource, step: Draft): Record<string, Read> {
  return {
    task: (node) => {
      const [name = "", version] = source.text(node, "task").split("@");
      if (version === undefined || !/^\d+(\.\d+)*$/.test(version))
        source.problem(node, `the task '${name}' needs a version, as in ${name}@1`);
      step.task = { name, version: version ?? "" };
    },
    inputs: (node) => {
      step.inputs = texts(source, node, "inputs");
    },
    ...commonKeys(source, step),
  };
}

const NOT_SUPPORTED = ["powershell", "pwsh", "publish", "download", "downloadBuild", "getPackage", "reviewApp"];

/** A step; undefined for `checkout`, which leaves an empty folder here whatever it asks for. */
function readStep(source: YamlSource, node: Node): Draft | undefined {
  const step: Draft = {
    ...originOf(node),
    task: { name: "", version: "" },
    inputs: {},
    refName: "",
    displayName: "",
    condition: "succeeded()",
    enabled: true,
    continueOnError: false,
    timeoutInMinutes: 0,
    retryCountOnTaskFailure: 0,
    env: {},
  };
  const has = (key: string): boolean => isMap(node) && (node as YAMLMap).has(key);
  if (has("script") || has("bash")) {
    const key = has("script") ? "script" : "bash";
    step.task = key === "script" ? { name: "CmdLine", version: "2" } : { name: "Bash", version: "3" };
    source.map(node, `a ${key} step`, scriptKeys(source, step, key));
  } else if (has("task")) {
    source.map(node, "a task step", taskKeys(source, step));
  } else if (has("checkout")) {
    source.map(node, "a checkout step", {
      checkout: (child) => {
        const what = source.text(child, "checkout");
        if (what !== "none" && what !== "self") source.problem(child, `'checkout: ${what}' is not supported here`);
      },
      displayName: () => undefined,
      clean: () => undefined,
      fetchDepth: () => undefined,
      persistCredentials: () => undefined,
    });
    return undefined;
  } else {
    const known = NOT_SUPPORTED.find(has);
    source.problem(
      node,
      known === undefined
        ? "a step must be one of: script, bash, task, checkout"
        : `'${known}' steps are not supported here; there are: script, bash, task, checkout`,
    );
  }
  return step;
}

/** The steps of a job. One without a name gets its task's, numbered when it is taken. */
export function readSteps(source: YamlSource, node: Node): StepDefinition[] {
  const steps = source.list(node, "steps").flatMap((item) => readStep(source, item) ?? []);
  const taken = new Map<string, number>();
  for (const { refName, line } of steps) {
    if (refName === "") continue;
    if (taken.has(refName.toLowerCase())) source.problem(node, `two steps are named '${refName}' (line ${line})`);
    taken.set(refName.toLowerCase(), 0);
  }
  for (const step of steps) {
    step.displayName ||= step.task.name;
    if (step.refName !== "") continue;
    const base = step.task.name;
    let name = base;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${base}${number}`;
    taken.set(name.toLowerCase(), 0);
    step.refName = name;
  }
  return steps;
}
