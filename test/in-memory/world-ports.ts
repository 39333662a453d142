// The pool and the host of the in-memory world, as the core talks to them.

import { resourceGroupId } from "../../EphemeralAgentTask/src/plan/resource-group-id.ts";
import type { StandbyPoolView } from "../../EphemeralAgentTask/src/ports/standby-pool.ts";
import {
  type AgentPool,
  type AgentView,
  type ContainerGroupView,
  type ContainerHost,
  type JobRequest,
  type RegisteredAgent,
  ServiceFault,
} from "../../EphemeralAgentTask/src/ports.ts";
import { countCreate } from "./create-limit.ts";
import { settings } from "./valid-settings.ts";
import type { WorldContainers } from "./world-containers.ts";
import { type MemoryGroup, type MemoryJob, type MemoryRecord, meets, type StandbyState } from "./world-state.ts";

/** Stands in every file that holds an agent's key: it must turn up nowhere else. */
export const secretOfAgents = "agent-private-key";

const missing = (service: "Azure" | "Azure DevOps", code: string, what: string) =>
  new ServiceFault(service, code, `${what} was not found.`, { status: 404 });

function requestOf(job: MemoryJob): JobRequest {
  return {
    requestId: job.requestId,
    jobId: `job-${job.requestId}`,
    jobName: job.name,
    planId: `plan-${job.runId}`,
    planType: job.planType ?? "Build",
    scopeId: job.projectId,
    ownerId: job.runId,
    ownerName: `run ${job.runId}`,
    finished: job.result !== undefined,
    demands: [...job.demands, "Agent.Version -gtVersion 2.163.1"],
    ...(job.agentId === undefined ? {} : { agentId: job.agentId }),
    ...(job.result === undefined ? {} : { result: job.result }),
  };
}

/** While it is queued, a request shows who could take it, and a note when it lacks only a slot. */
function queuedView(world: WorldContainers, job: MemoryJob): JobRequest {
  const request = requestOf(job);
  if (job.agentId !== undefined || job.result) return request;
  const matchedAgentIds = [...world.records.values()].filter((record) => meets(record, job)).map(({ id }) => id);
  const { note } = world.parallelJobs;
  return { ...request, matchedAgentIds, ...(note && !world.hasSlot ? { statusMessage: note } : {}) };
}

function agentViewOf(record: MemoryRecord): AgentView {
  const hidden = record.completed !== undefined && record.gap > 0;
  if (hidden) record.gap--;
  return {
    id: record.id,
    name: record.name,
    online: record.online,
    enabled: record.enabled,
    capabilities: { ...record.capabilities },
    systemCapabilities: { ...record.systemCapabilities },
    ...(record.assigned ? { assignedRequest: requestOf(record.assigned) } : {}),
    ...(record.completed && !hidden ? { lastCompletedRequest: requestOf(record.completed) } : {}),
  };
}

const groupView = (group: MemoryGroup): ContainerGroupView => ({
  id: `/groups/${group.definition.name}`,
  name: group.definition.name,
  tags: { ...group.tags },
  provisioningState: group.provisioningState,
  events: [...group.events],
  ...(group.container ? { container: { ...group.container } } : {}),
});

/** A pool whose profile is what the tests' settings ask for. */
export function standbyPool(id: string, otherwise: StandbyState["profile"] = {}): StandbyPoolView {
  const { image, placements } = settings();
  const [{ cpu, memoryInGB, subnetId = "" }] = placements;
  return {
    ...{ id, location: "westeurope", subnetId, image, cpu, memoryInGB },
    profile: { id: "/profiles/agents", revision: 1 },
    container: "waiting",
    environment: { EPHEMERAL_STANDBY_KEY: "public-key" },
    secretEnvironment: [],
    mountPaths: [],
    ...otherwise,
  } as StandbyPoolView;
}

/** What a list showed some time ago. */
function listedRecords(world: WorldContainers): AgentView[] {
  const then = world.clock.now() - world.reading.listLagMs;
  const gone = world.removedRecords.filter(({ at }) => at > then).map(({ record }) => record);
  return [...world.records.values(), ...gone].filter(({ madeAt }) => madeAt <= then).map(agentViewOf);
}

function listedGroups(world: WorldContainers): ContainerGroupView[] {
  const then = world.clock.now() - world.reading.listLagMs;
  const gone = world.removedGroups.filter(({ at }) => at > then).map(({ group }) => group);
  return [...world.groups.values(), ...gone].filter(({ madeAt }) => madeAt <= then).map(groupView);
}

function listedJobs(world: WorldContainers): JobRequest[] {
  const then = world.clock.now() - world.reading.listLagMs;
  return world.jobs
    .filter(({ queuedAt }) => queuedAt <= then)
    .map(({ agentId, assignedAt, result, endedAt, ...job }) => ({
      ...job,
      ...(agentId !== undefined && (assignedAt ?? 0) <= then ? { agentId } : {}),
      ...(result !== undefined && (endedAt ?? 0) <= then ? { result } : {}),
    }))
    .map((job) => queuedView(world, job));
}

const registered = (record: MemoryRecord): RegisteredAgent => ({
  id: record.id,
  name: record.name,
  files: { "agent.json": "{}", "credentials.json": "{}", "rsaparams.json": secretOfAgents },
});

/** A read by id or name, unlike a list, shows what was made as soon as it is settled. */
const seen = (world: WorldContainers, { madeAt }: { readonly madeAt: number }) =>
  world.clock.now() - madeAt >= world.reading.unseenMs;

/** The pool `agents` over a world. */
export function poolOver(world: WorldContainers): AgentPool {
  const recordOf = (id: number): MemoryRecord => {
    const record = world.records.get(id);
    if (!record) throw missing("Azure DevOps", "TaskAgentNotFoundException", `agent ${id}`);
    return record;
  };
  return {
    id: 7,
    name: "agents",
    agentPackage: async () => ({ version: "4.0.0", url: "https://example.invalid/a", filename: "a", sha256: "00" }),
    register: async (definition) => {
      if (world.recordNamed(definition.name)) {
        const message = `agent ${definition.name} exists`;
        throw new ServiceFault("Azure DevOps", "TaskAgentExistsException", message, { status: 409 });
      }
      const record = world.addRecord(definition.name, {});
      record.systemCapabilities = { ...definition.systemCapabilities };
      return registered(record);
    },
    registerAgain: async (id) => registered(recordOf(id)),
    tryCredential: async () => undefined,
    setCapabilities: async (id, capabilities) => {
      recordOf(id).capabilities = { ...capabilities };
      world.match();
    },
    get: async (id) => {
      const record = world.records.get(id);
      return record && seen(world, record) ? agentViewOf(record) : undefined;
    },
    find: async (name) => listedRecords(world).find((record) => record.name === name),
    list: async () => listedRecords(world),
    enable: async (id) => {
      recordOf(id).enabled = true;
      world.match();
    },
    disable: async (id) => {
      recordOf(id).enabled = false;
    },
    remove: async (id) => {
      const record = world.records.get(id);
      if (!record) return "absent";
      if (record.assigned && world.reading.protectsBusy) return "busy";
      if (world.deletesIdly) return "removed";
      if (record.assigned)
        world.broken.push(`record '${record.name}' was removed with job ${record.assigned.requestId} on it`);
      world.records.delete(id);
      world.removedRecords.push({ record, at: world.clock.now() });
      return "removed";
    },
    jobRequests: async () => listedJobs(world),
  };
}

/** The resource group of container groups over a world. */
export function hostOver(world: WorldContainers): ContainerHost {
  return {
    resourceGroupId: resourceGroupId(settings()),
    network: async () => ({ location: "westeurope", dnsServers: [] }),
    pullCredential: async () => ({
      server: "contoso.azurecr.io",
      username: "user",
      password: "secret-of-the-registry",
    }),
    standbyPool: async (id) => {
      if (!world.standby) throw missing("Azure", "ResourceNotFound", `standby pool ${id}`);
      return standbyPool(id, world.standby.profile);
    },
    create: async (definition) => {
      const allowance = world.createLimit && countCreate(world, world.createLimit);
      const { standby } = definition.standby ? world : {};
      if (standby && standby.profile?.image !== undefined && standby.profile.image !== definition.image)
        world.broken.push(`group '${definition.name}' was claimed, and is of another image`);
      if (definition.standby && !standby?.ready) {
        throw new ServiceFault("Azure", "StandbyPoolReuseFailed", "the pool is empty.", { status: 409 });
      }
      const known = world.groups.get(definition.name);
      // A PUT on a group that is there restarts its container (facts aci-azure-sdk §3.5).
      if (known) world.broken.push(`group '${definition.name}' was put twice`);
      const group: MemoryGroup = {
        madeAt: world.clock.now(),
        definition,
        tags: { ...definition.tags },
        provisioningState: standby ? "Succeeded" : "Pending",
        events: [],
        log: "",
        fate: standby?.fate ?? world.behaviour.fate,
        ...(standby ? { container: { state: "Running", restartCount: 0 } } : {}),
      };
      world.groups.set(definition.name, group);
      if (standby) {
        standby.ready--;
        world.clock.after(standby.refillMs, () => standby.ready++);
      }
      world.boot(group, standby?.bootMs);
      return { ...groupView(group), ...(allowance ? { allowance } : {}) };
    },
    get: async (name) => {
      const group = world.groups.get(name);
      if (group) return seen(world, group) ? groupView(group) : undefined;
      const { lingerMs } = world.reading;
      const late = world.removedGroups.findLast(({ group: { definition } }) => definition.name === name);
      return late && late.at + lingerMs > world.clock.now() ? groupView(late.group) : undefined;
    },
    list: async () => listedGroups(world),
    remove: async (name) => {
      const group = world.groups.get(name);
      if (!group) return "absent";
      if (world.deletesIdly) return "removed";
      const job = world.recordNamed(name)?.assigned;
      if (job && group.container?.state === "Running")
        world.broken.push(`group '${name}' was deleted under job ${job.requestId}`);
      world.kill(name, 137, "Killed");
      world.groups.delete(name);
      world.removedGroups.push({ group, at: world.clock.now() });
      return "removed";
    },
    stop: async (name) => world.kill(name, 137, "Stopped"),
    tag: async (name, tags) => {
      const group = world.groups.get(name);
      if (!group) throw missing("Azure", "ResourceNotFound", `container group ${name}`);
      group.tags = { ...tags };
    },
    log: async (name) => world.groups.get(name)?.log ?? "",
  };
}
