// Plans an agent: from settings and run to names, owner marks, capabilities and the container group. Pure.

import type {
  AgentDefinition,
  AgentPackage,
  ContainerGroupDefinition,
  ContainerVolume,
  RegisteredAgent,
  RegistryCredential,
} from "../ports.ts";
import type { AgentProxy, CreateSettings, Placement } from "../settings/settings.ts";
import { usableServers } from "./dns-servers.ts";
import { variableOfMarks } from "./marks-variable.ts";
import { kindMark, ownerMarks, recordTags } from "./owner-marks.ts";
import { resourceGroupId } from "./resource-group-id.ts";
import { looksSecret } from "./secret-names.ts";
import { capabilityLength, fitted, tagLength } from "./shorten-owner-marks.ts";

/** Minutes an agent may outlive its limits before a sweep takes it: clocks differ, and deletes take their time. */
const slackMs = 15 * 60_000;

/**
 * The container's own limit for waiting comes after the task's: it is there for when nobody comes back, and the task's
 * failure names what it waited for.
 */
const patienceMs = 5 * 60_000;

/** Where the container finds its start files, and the state that survives a restart of the container. */
export const startFolder = "/mnt/ephemeral-agent";
/** A folder of its own below: where the mount is read-only, the start script closes the one above to the job's user. */
const startMount = `${startFolder}/start`;
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
  const marks = fitted(ownerMarks(settings.run, resourceGroupId(settings), expires), capabilityLength);
  return {
    name: `${settings.agentPrefix}-${settings.run.runId}-${suffix}`,
    marks,
    capabilities: { ...settings.capabilities, ...marks, ...(settings.demandable ? { [kindMark]: "true" } : {}) },
  };
}

/** The record to register: while the agent is offline only these capabilities count (facts agent-protocol §1.6). */
export function agentDefinition(plan: AgentPlan, agentPackage: AgentPackage, workFolder = "_work"): AgentDefinition {
  return {
    name: plan.name,
    version: agentPackage.version,
    workFolder,
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

/** What the start script is told of the settings, whoever registers the agent. */
function scriptSettings({ container, onlineMs, idleMs, lifetimeMs }: CreateSettings) {
  const { environment, secretEnvironment } = container;
  return {
    // Values that the user wants the job to have, whatever their names.
    KEEP_ENVIRONMENT: [environment, secretEnvironment].flatMap((each) => Object.keys(each)).join(","),
    // Of these, the ones that the pool must not show.
    SECRET_ENVIRONMENT: Object.keys(secretEnvironment).join(","),
    IDLE_SECONDS: seconds(onlineMs + idleMs + patienceMs),
    LIFETIME_SECONDS: seconds(lifetimeMs),
  };
}

/** What `entrypoint.sh` reads: nothing in it is secret. */
function startEnvironment(settings: CreateSettings, agentPackage: AgentPackage): string {
  const values = {
    AGENT_PACKAGE_URL: agentPackage.url,
    AGENT_PACKAGE_SHA256: agentPackage.sha256,
    AGENT_PACKAGE_FILE: agentPackage.filename,
    ...scriptSettings(settings),
  };
  return Object.entries(values)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

/** A placement whose region is known, and the DNS servers of its network. */
export interface LocatedPlacement extends Placement {
  readonly location: string;
  readonly dnsServers: readonly string[];
}

interface GroupParts {
  readonly settings: CreateSettings;
  readonly plan: AgentPlan;
  /** Undefined when the container registers itself. */
  readonly agent: RegisteredAgent | undefined;
  readonly agentPackage: AgentPackage;
  readonly poolName: string;
  readonly placement: LocatedPlacement;
  readonly registry: RegistryCredential | undefined;
  /** Text of `agent-image/entrypoint.sh`. */
  readonly entrypoint: string;
}

/** What the start script gets beside the agent's own files; the proxy's password makes one of them secret. */
function startFiles({ settings, agentPackage, agent, entrypoint }: GroupParts): Record<string, string> {
  const { proxy, caBundle } = settings.container;
  return {
    "entrypoint.sh": entrypoint,
    "start.env": startEnvironment(settings, agentPackage),
    ...(proxy ? { "proxy.env": proxyEnvironment(proxy) } : {}),
    ...(caBundle ? { "ca.pem": `${caBundle}\n` } : {}),
    ...agent?.files,
  };
}

/** As agents read it (facts agent-protocol §2.3). */
function proxyEnvironment({ url, username, password, bypass }: AgentProxy): string {
  const values = {
    VSTS_HTTP_PROXY: url,
    VSTS_HTTP_PROXY_USERNAME: username,
    VSTS_HTTP_PROXY_PASSWORD: password,
    no_proxy: bypass,
  };
  return Object.entries(values)
    .flatMap(([name, value]) => (value ? [`${name}=${value}\n`] : []))
    .join("");
}

/** The same settings for the script of agent-image, by its variables' names. Other images do not know them. */
function limitVariables(settings: CreateSettings): Record<string, string> {
  const given = Object.entries(scriptSettings(settings)).filter(([, value]) => value !== "");
  return Object.fromEntries(given.map(([name, value]) => [`EPHEMERAL_${name}`, value]));
}

const ignoreVariable = "VSO_AGENT_IGNORE";

/**
 * The agent shows the pool every variable that this one does not name (facts agent-protocol §2.3). Our script adds names by
 * itself; an image with another has no more than this.
 */
function hiddenFromPool({ environment, secretEnvironment }: CreateSettings["container"]): Record<string, string> {
  if (ignoreVariable in secretEnvironment) return {};
  const given = environment[ignoreVariable];
  const secret = [...Object.keys(secretEnvironment), ...Object.keys(environment).filter(looksSecret)];
  return {
    [ignoreVariable]: [...(given ? [given] : []), "AZP_TOKEN", "AZP_TOKEN_FILE", ignoreVariable, ...secret].join(","),
  };
}

/** The interface of images that register themselves (facts predecessor-and-users §1): here the container gets a token. */
function registrationEnvironment({
  settings,
  plan,
  poolName,
}: GroupParts): Pick<ContainerGroupDefinition, "environment" | "secretEnvironment"> {
  const { devops, azure, resourceGroupName, selfDestruct, container } = settings;
  const own = {
    AZ_ACI_NAME: plan.name,
    AZ_ACI_RG: resourceGroupName,
    AZ_SUBSCRIPTION_ID: azure.subscriptionId,
    AZ_CLOUD: azure.environment,
    AZ_RESOURCE_MANAGER: azure.armUrl,
    AZ_MANAGED_IDENTITY: container.identityIds[0] ?? "true",
  };
  const base = {
    AZP_URL: devops.url,
    AZP_POOL: poolName,
    AZP_AGENT_NAME: plan.name,
    ...(container.workFolder ? { AZP_WORK: container.workFolder } : {}),
    ...variableOfMarks(plan.marks),
  };
  return {
    environment: {
      ...container.environment,
      ...hiddenFromPool(container),
      ...base,
      ...limitVariables(settings),
      ...(selfDestruct ? own : {}),
    },
    secretEnvironment: { ...container.secretEnvironment, AZP_TOKEN: "token" in devops.token ? devops.token.token : "" },
  };
}

/** Volumes of the user's, with names of our own: Azure allows only some letters in them. */
function userVolumes(settings: CreateSettings): ContainerVolume[] {
  return settings.container.volumes.map((volume, index) => ({ ...volume, name: `user-volume-${index + 1}` }));
}

/**
 * The container group of an agent. With registration by the task nothing in it can manage the pool or act on Azure: the
 * agent's own three files are all it gets, in a secret volume, which no reader of the group sees.
 */
export function containerGroup(parts: GroupParts): ContainerGroupDefinition {
  const { settings, plan, agent, placement, registry, poolName } = parts;
  const { container } = settings;
  const byTask = agent !== undefined;
  const servers = usableServers(container.dns?.servers ?? placement.dnsServers).used;
  const puller = registry && "identityId" in registry ? [registry.identityId] : [];
  return {
    name: plan.name,
    location: placement.location,
    tags: {
      ...container.tags,
      ...fitted({ ...plan.marks, ...recordTags(poolName, plan.name, agent?.id) }, tagLength),
    },
    osType: settings.osType,
    image: settings.image,
    ...(byTask ? { command: ["/bin/bash", `${startMount}/entrypoint.sh`] } : {}),
    cpu: placement.cpu,
    memoryInGB: placement.memoryInGB,
    ...(byTask
      ? { environment: container.environment, secretEnvironment: container.secretEnvironment }
      : registrationEnvironment(parts)),
    identityIds: [...new Set([...container.identityIds, ...puller])],
    ...(servers.length > 0 ? { dns: { ...container.dns, servers } } : {}),
    ...(container.logAnalytics ? { logAnalytics: container.logAnalytics } : {}),
    ...(placement.subnetId === undefined ? {} : { subnetId: placement.subnetId }),
    ...(registry === undefined ? {} : { registry }),
    volumes: [
      ...(byTask
        ? [{ kind: "secret" as const, name: "ephemeral-agent", mountPath: startMount, files: startFiles(parts) }]
        : []),
      // Windows containers have no such volumes.
      ...(settings.osType === "Linux"
        ? [{ kind: "emptyDir" as const, name: "ephemeral-state", mountPath: stateFolder }]
        : []),
      ...userVolumes(settings),
    ],
  };
}
