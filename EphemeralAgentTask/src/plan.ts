// Settings and run identity in; names, owner marks, capabilities and the container group out. Pure.
import { kindMark, ownerMarks, recordTags } from "./identity.ts";
import type { AgentDefinition, AgentPackage, ContainerGroupDefinition, RegisteredAgent } from "./ports.ts";
import type { CreateSettings, Placement } from "./settings.ts";

/** Minutes an agent may outlive its limits before a sweep takes it: clocks differ, and deletes take their time. */
const slackMs = 15 * 60_000;

/**
 * The container's own limit for waiting comes after the task's: it is there for when nobody comes back, and the task's
 * failure names what it waited for.
 */
const patienceMs = 5 * 60_000;

/** Where the container finds its start files, and the state that survives a restart of the container. */
export const startFolder = "/mnt/ephemeral-agent";
export const stateFolder = "/mnt/ephemeral-state";

/** One agent to be made. Its record, its container group and its container share one name. */
export interface AgentPlan {
  readonly name: string;
  readonly marks: Readonly<Record<string, string>>;
  /** User capabilities of the record: the marks, the user's own, and what jobs beside a `run` step demand. */
  readonly capabilities: Readonly<Record<string, string>>;
}

/**
 * Plans one agent.
 * @param suffix makes the name unique among all runs, attempts and steps: lowercase letters and digits
 * @param now milliseconds since the epoch
 */
export function planAgent(settings: CreateSettings, suffix: string, now: number): AgentPlan {
  const expires = now + settings.onlineMs + settings.idleMs + settings.lifetimeMs + slackMs;
  const marks = ownerMarks(settings.run, expires);
  return {
    name: `${settings.agentPrefix}-${settings.run.runId}-${suffix}`,
    marks,
    capabilities: { ...settings.capabilities, ...marks, ...(settings.demandable ? { [kindMark]: "true" } : {}) },
  };
}

/** The record to register: while the agent is offline only these capabilities count (facts agent-protocol §1.6). */
export function agentDefinition(plan: AgentPlan, agentPackage: AgentPackage): AgentDefinition {
  return {
    name: plan.name,
    version: agentPackage.version,
    systemCapabilities: {
      // User capabilities may be dropped from a registration (design §8) and follow a request later. Were this task killed
      // in between, only these would tell whose the record is.
      ...plan.marks,
      "Agent.Name": plan.name,
      "Agent.Version": agentPackage.version,
      "Agent.ComputerName": plan.name,
      "Agent.OS": "Linux",
      "Agent.OSArchitecture": "X64",
    },
  };
}

const seconds = (ms: number) => String(Math.ceil(ms / 1000));

/** What `entrypoint.sh` reads: nothing in it is secret. */
function startEnvironment(settings: CreateSettings, agentPackage: AgentPackage): string {
  const values = {
    AGENT_PACKAGE_URL: agentPackage.url,
    AGENT_PACKAGE_SHA256: agentPackage.sha256,
    AGENT_PACKAGE_FILE: agentPackage.filename,
    IDLE_SECONDS: seconds(settings.onlineMs + settings.idleMs + patienceMs),
    LIFETIME_SECONDS: seconds(settings.lifetimeMs),
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

export interface GroupParts {
  readonly settings: CreateSettings;
  readonly plan: AgentPlan;
  readonly agent: RegisteredAgent;
  readonly agentPackage: AgentPackage;
  readonly poolName: string;
  readonly placement: Placement & { readonly location: string };
  /** Text of `agent-image/entrypoint.sh`. */
  readonly entrypoint: string;
}

/**
 * The container group of a registered agent. Nothing in it can manage the pool or act on Azure: the agent's own three
 * files are all it gets, in a secret volume, which no reader of the group sees.
 */
export function containerGroup(parts: GroupParts): ContainerGroupDefinition {
  const { settings, plan, agent, agentPackage, placement } = parts;
  return {
    name: plan.name,
    location: placement.location,
    tags: { ...plan.marks, ...recordTags(parts.poolName, agent) },
    osType: "Linux",
    image: settings.image,
    command: ["/bin/bash", `${startFolder}/entrypoint.sh`],
    cpu: placement.cpu,
    memoryInGB: placement.memoryInGB,
    ...(placement.subnetId === undefined ? {} : { subnetId: placement.subnetId }),
    ...(settings.registry === undefined ? {} : { registry: settings.registry }),
    volumes: [
      {
        kind: "secret",
        name: "ephemeral-agent",
        mountPath: startFolder,
        files: {
          "entrypoint.sh": parts.entrypoint,
          "start.env": startEnvironment(settings, agentPackage),
          ...agent.files,
        },
      },
      { kind: "emptyDir", name: "ephemeral-state", mountPath: stateFolder },
    ],
  };
}
