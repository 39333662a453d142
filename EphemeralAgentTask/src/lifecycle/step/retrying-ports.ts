// The ports of both services with retries: every request goes through one of these wrappers, and nothing else retries.

import { type AgentPool, type ContainerHost, type PipelineRun, ServiceFault } from "../../ports.ts";
import { persist, type Retrier } from "./retry.ts";
import { unseenMs, waitUntilVisible } from "./wait-until-visible.ts";

/**
 * Azure with patience. A create whose answer was lost is recognized by its name instead of being sent again; and a name is not
 * used again while a deletion of it may still be carried out.
 */
export function retryingHost(host: ContainerHost, retrier: Retrier): ContainerHost {
  const deletions = new Map<Promise<unknown>, string>();
  /** Names of groups of which an earlier request may have been carried out: its answer, or all of it, is missing. */
  const open = new Set<string>();
  const keep = <T>(what: string, send: (signal: AbortSignal) => Promise<T>) => persist(retrier, `host.${what}`, send);
  return {
    resourceGroupId: host.resourceGroupId,
    network: (subnetId) => keep("network", (signal) => host.network(subnetId, signal)),
    pullCredential: (access) => keep("pullCredential", (signal) => host.pullCredential(access, signal)),
    standbyPool: (id) => keep("standbyPool", (signal) => host.standbyPool(id, signal)),
    get: (name) => keep("get", (signal) => host.get(name, signal)),
    list: () => keep("list", (signal) => host.list(signal)),
    remove: (name) =>
      keep("remove", (signal) => {
        const deletion = host.remove(name, signal);
        const over = () => deletions.delete(deletion);
        deletions.set(deletion, name);
        deletion.then(over, over);
        return deletion;
      }),
    stop: (name) => keep("stop", (signal) => host.stop(name, signal)),
    tag: (name, tags) => keep("tag", (signal) => host.tag(name, tags, signal)),
    log: (name, lines) => keep("log", (signal) => host.log(name, lines, signal)),
    create(definition) {
      return keep("create", async (signal) => {
        if ([...deletions.values()].includes(definition.name)) {
          const why = `a deletion of container group '${definition.name}' has no answer yet, and could hit the new one.`;
          throw new ServiceFault("Azure", "NoAnswer", why, { kind: "silence", retryable: true });
        }
        // A PUT on an existing group is an update and restarts its container (facts aci-azure-sdk §3.5).
        const earlier = open.has(definition.name);
        const made = earlier
          ? await waitUntilVisible({ ...retrier, signal }, () => host.get(definition.name, signal))
          : undefined;
        if (made) open.delete(definition.name);
        if (made) return made;
        open.add(definition.name);
        try {
          const group = await host.create(definition, signal);
          // An answer after its attempt was given up reaches nobody: the next attempt has to find the group.
          if (!signal.aborted) open.delete(definition.name);
          return group;
        } catch (error) {
          const refused = error instanceof ServiceFault && error.details.ambiguous !== true;
          if (refused && !earlier) open.delete(definition.name);
          throw error;
        }
      });
    },
  };
}

/** Azure DevOps with patience. A registration whose answer was lost is given a new key under the same record. */
export function retryingPool(pool: AgentPool, retrier: Retrier): AgentPool {
  const keep = <T>(what: string, send: (signal: AbortSignal) => Promise<T>) => persist(retrier, `pool.${what}`, send);
  return {
    id: pool.id,
    name: pool.name,
    agentPackage: () => keep("agentPackage", (signal) => pool.agentPackage(signal)),
    registerAgain: (id, definition) => keep("registerAgain", (signal) => pool.registerAgain(id, definition, signal)),
    tryCredential: (agent) => keep("tryCredential", (signal) => pool.tryCredential(agent, signal)),
    setCapabilities: (id, capabilities) =>
      keep("setCapabilities", (signal) => pool.setCapabilities(id, capabilities, signal)),
    get: (id) => keep("get", (signal) => pool.get(id, signal)),
    find: (name) => keep("find", (signal) => pool.find(name, signal)),
    list: () => keep("list", (signal) => pool.list(signal)),
    enable: (id) => keep("enable", (signal) => pool.enable(id, signal)),
    disable: (id) => keep("disable", (signal) => pool.disable(id, signal)),
    remove: (id) => keep("remove", (signal) => pool.remove(id, signal)),
    jobRequests: () => keep("jobRequests", (signal) => pool.jobRequests(signal)),
    register(definition) {
      let open = false;
      return keep("register", async (signal) => {
        const again = async (forMs: number) => {
          const look = () => pool.find(definition.name, signal);
          const made = open ? await waitUntilVisible({ ...retrier, signal }, look, forMs) : undefined;
          return made && pool.registerAgain(made.id, definition, signal);
        };
        const known = await again(0);
        if (known) return known;
        const earlier = open;
        open = true;
        try {
          return await pool.register(definition, signal);
        } catch (error) {
          if (!(error instanceof ServiceFault)) throw error;
          // The earlier one may arrive late: the name, which nobody else has, is then taken by ourselves.
          const late = earlier && error.code === "TaskAgentExistsException" ? await again(unseenMs) : undefined;
          if (late) return late;
          open = earlier || error.details.ambiguous === true;
          throw error;
        }
      });
    },
  };
}

export function retryingRun(run: PipelineRun, retrier: Retrier): PipelineRun {
  return {
    timeline: () => persist(retrier, "run.timeline", (signal) => run.timeline(signal)),
    isOver: (runId) => persist(retrier, "run.isOver", (signal) => run.isOver(runId, signal)),
  };
}
