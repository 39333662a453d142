// What the steps of a job share: variables, folders, secrets and the result so far.
import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TaskState } from "../tasks/task-environment.ts";
import type { JobMessage, JobVariable, TaskResult } from "./job-message.ts";
import type { RunJobOptions } from "./job-options.ts";
import { Variables } from "./job-variables.ts";
import { resultName } from "./results.ts";
import { maskerOf, type SecretMasker } from "./secret-masking.ts";

/** The agent release whose behavior the worker follows. */
const AGENT_VERSION = "5.278.0";

/** What the steps of one job share while it runs. */
export interface JobState {
  readonly message: JobMessage;
  readonly options: RunJobOptions;
  readonly masker: SecretMasker;
  readonly variables: Variables;
  /** The process environment of this machine, before anything of the job is added. */
  readonly machineEnvironment: Readonly<Record<string, string>>;
  readonly nodeMajor: number;
  readonly sourcesFolder: string;
  readonly tempFolder: string;
  /** Where tasks are unpacked to. */
  readonly tasksFolder: string;
  /** Every process of this job carries it (see leftover-processes). */
  readonly lookupId: string;
  /** By step id: shared by the stages of one step and by no other (facts task-conventions §1.5). */
  readonly taskVariables: Map<string, Map<string, TaskState>>;
  readonly outputs: Record<string, JobVariable>;
  /** Folders put before `PATH`, the newest last. */
  readonly prependedPaths: string[];
  result: TaskResult | undefined;
}

function majorOf(nodePath: string): number {
  if (nodePath === process.execPath) return Number.parseInt(process.versions.node, 10);
  const { stdout, error } = spawnSync(nodePath, ["--version"], { encoding: "utf8" });
  const major = Number.parseInt((stdout ?? "").replace(/^v/, ""), 10);
  if (Number.isNaN(major)) throw new Error(`${nodePath} is not a node that starts: ${error?.message ?? "no version"}`);
  return major;
}

/** PATH and HOME of this machine, and what the options add: a job sees nothing else of the host. */
function machineEnvironment(options: RunJobOptions): Record<string, string> {
  const { PATH = "", HOME = "" } = process.env;
  return { PATH, HOME, ...options.environment, TF_BUILD: "True" };
}

/** Lays the job's folders below the work folder and gathers what its steps will share. */
export function beginJob(message: JobMessage, options: RunJobOptions): JobState {
  const work = resolve(options.workFolder);
  const build = join(work, "1");
  const folders = { s: join(build, "s"), a: join(build, "a"), b: join(build, "b") };
  const temp = join(work, "_temp");
  const tools = join(work, "_tool");
  for (const folder of [...Object.values(folders), temp, tools]) mkdirSync(folder, { recursive: true });

  const masker = maskerOf(message);
  const variables = new Variables(message.variables, masker);
  const machine: Record<string, string> = {
    "Agent.HomeDirectory": resolve(work, ".."),
    "Agent.JobName": message.jobDisplayName,
    "Agent.MachineName": options.machineName,
    "Agent.Name": options.agentName,
    "Agent.OS": "Linux",
    "Agent.OSArchitecture": process.arch.toUpperCase(),
    "Agent.RootDirectory": work,
    "Agent.WorkFolder": work,
    "System.WorkFolder": work,
    "Agent.Version": AGENT_VERSION,
    "Agent.IsSelfHosted": options.hosted === true ? "0" : "1",
    "Agent.BuildDirectory": build,
    "Agent.TempDirectory": temp,
    "Agent.ToolsDirectory": tools,
    "Build.SourcesDirectory": folders.s,
    "Build.Repository.LocalPath": folders.s,
    "Build.ArtifactStagingDirectory": folders.a,
    "Build.StagingDirectory": folders.a,
    "Build.BinariesDirectory": folders.b,
    "System.ArtifactsDirectory": folders.a,
    "System.DefaultWorkingDirectory": folders.s,
    "Pipeline.Workspace": build,
  };
  if (options.agentId !== undefined) machine["Agent.Id"] = String(options.agentId);
  for (const [name, value] of Object.entries(machine)) variables.set(name, value);

  const state: JobState = {
    message,
    options,
    masker,
    variables,
    machineEnvironment: machineEnvironment(options),
    nodeMajor: majorOf(options.nodePath),
    sourcesFolder: folders.s,
    tempFolder: temp,
    tasksFolder: join(work, "_tasks"),
    lookupId: `vsts_${randomUUID()}`,
    taskVariables: new Map(),
    outputs: {},
    prependedPaths: [],
    result: undefined,
  };
  setJobResult(state, undefined);
  return state;
}

/** Keeps the job's result and what steps see of it (`agent.jobstatus`) the same. */
export function setJobResult(job: JobState, result: TaskResult | undefined): void {
  job.result = result;
  job.variables.set("agent.jobstatus", resultName(result ?? "succeeded"));
}
