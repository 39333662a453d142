// Transient failures of either service end here: the ports are wrapped once, and nothing else retries.
import { Cancelled } from "../errors.ts";
import { type AgentPool, type Clock, type ContainerHost, type PipelineRun, ServiceFault } from "../ports.ts";
import type { TokenWatch } from "./diagnosis/token.ts";

export interface RetryPolicy {
  /** Attempts in all. */
  readonly attempts: number;
  /** First pause in milliseconds; doubled each time, with up to half of it as jitter. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** An attempt without an answer for so many milliseconds counts as lost. */
  readonly attemptMs: number;
}

export const patient: RetryPolicy = { attempts: 8, firstPauseMs: 500, longestPauseMs: 30_000, attemptMs: 60_000 };

/** For the seconds between a cancel and the kill: one try, answered quickly or not at all. */
export const hurried: RetryPolicy = { attempts: 1, firstPauseMs: 0, longestPauseMs: 0, attemptMs: 3_000 };

export interface Retrier {
  readonly clock: Clock;
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal;
  /** Told before each pause. */
  onRetry(fault: ServiceFault, pauseMs: number): void;
  readonly token?: TokenWatch;
}

const unanswered = (what: string, ms: number) =>
  new ServiceFault(what.startsWith("host") ? "Azure" : "Azure DevOps", "network", `no answer within ${ms / 1000} s`, {
    retryable: true,
    ambiguous: true,
  });

/** One attempt, given up after the policy's time or on a cancel. The request itself may still be carried out. */
function attempt<T>({ clock, policy, signal }: Retrier, what: string, send: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      over();
      reject(new Cancelled());
    };
    const takeBack = clock.after(policy.attemptMs, () => {
      over();
      reject(unanswered(what, policy.attemptMs));
    });
    const over = () => {
      takeBack();
      signal.removeEventListener("abort", stop);
    };
    signal.addEventListener("abort", stop);
    send().finally(over).then(resolve, reject);
  });
}

/**
 * Sends a request again while the service says that this may help.
 * @throws the last `ServiceFault`; `Cancelled` when the step is
 */
export async function persist<T>(retrier: Retrier, what: string, send: () => Promise<T>): Promise<T> {
  const { policy, clock, signal, token } = retrier;
  for (let tried = 1; ; tried++) {
    if (signal.aborted) throw new Cancelled();
    try {
      const answer = await attempt(retrier, what, send);
      token?.accepted(what);
      return answer;
    } catch (error) {
      if (!(error instanceof ServiceFault)) throw error;
      if (!error.details.retryable || tried >= policy.attempts) throw token?.judge(what, error) ?? error;
      const doubled = Math.min(policy.longestPauseMs, policy.firstPauseMs * 2 ** (tried - 1));
      const pause = Math.max(error.details.retryAfterMs ?? 0, doubled * (1 + clock.random() / 2));
      retrier.onRetry(error, pause);
      await clock.sleep(pause, signal);
    }
  }
}

/**
 * Azure with patience. A create whose answer was lost is recognised by its name instead of being sent again; and a name is not
 * used again while a deletion of it may still be carried out.
 */
export function persistentHost(host: ContainerHost, retrier: Retrier): ContainerHost {
  const deletions = new Map<Promise<unknown>, string>();
  const keep = <T>(what: string, send: () => Promise<T>) => persist(retrier, `host.${what}`, send);
  return {
    resourceGroupId: host.resourceGroupId,
    network: (subnetId) => keep("network", () => host.network(subnetId)),
    pullCredential: (access) => keep("pullCredential", () => host.pullCredential(access)),
    get: (name) => keep("get", () => host.get(name)),
    list: () => keep("list", () => host.list()),
    remove: (name) =>
      keep("remove", () => {
        const deletion = host.remove(name);
        const over = () => deletions.delete(deletion);
        deletions.set(deletion, name);
        deletion.then(over, over);
        return deletion;
      }),
    stop: (name) => keep("stop", () => host.stop(name)),
    tag: (name, tags) => keep("tag", () => host.tag(name, tags)),
    log: (name, lines) => keep("log", () => host.log(name, lines)),
    create(definition) {
      // True while an earlier request may have been carried out: its answer, or all of it, is missing.
      let open = false;
      return keep("create", async () => {
        if ([...deletions.values()].includes(definition.name)) {
          const why = `a deletion of container group '${definition.name}' has no answer yet, and could hit the new one.`;
          throw new ServiceFault("Azure", "network", why, { retryable: true });
        }
        // A PUT on an existing group is an update and restarts its container (facts aci-azure-sdk §3.5).
        const made = open ? await host.get(definition.name) : undefined;
        if (made) return made;
        open = true;
        try {
          return await host.create(definition);
        } catch (error) {
          open = !(error instanceof ServiceFault) || error.details.ambiguous === true;
          throw error;
        }
      });
    },
  };
}

/** Azure DevOps with patience. A registration whose answer was lost is given a new key under the same record. */
export function persistentPool(pool: AgentPool, retrier: Retrier): AgentPool {
  const keep = <T>(what: string, send: () => Promise<T>) => persist(retrier, `pool.${what}`, send);
  return {
    id: pool.id,
    name: pool.name,
    agentPackage: () => keep("agentPackage", () => pool.agentPackage()),
    registerAgain: (id, definition) => keep("registerAgain", () => pool.registerAgain(id, definition)),
    tryCredential: (agent) => keep("tryCredential", () => pool.tryCredential(agent)),
    setCapabilities: (id, capabilities) => keep("setCapabilities", () => pool.setCapabilities(id, capabilities)),
    get: (id) => keep("get", () => pool.get(id)),
    find: (name) => keep("find", () => pool.find(name)),
    list: () => keep("list", () => pool.list()),
    disable: (id) => keep("disable", () => pool.disable(id)),
    remove: (id) => keep("remove", () => pool.remove(id)),
    jobRequests: () => keep("jobRequests", () => pool.jobRequests()),
    register(definition) {
      let open = false;
      return keep("register", async () => {
        const again = async () => {
          const made = open ? await pool.find(definition.name) : undefined;
          return made && pool.registerAgain(made.id, definition);
        };
        const known = await again();
        if (known) return known;
        const earlier = open;
        open = true;
        try {
          return await pool.register(definition);
        } catch (error) {
          if (!(error instanceof ServiceFault)) throw error;
          // The earlier one may arrive late: the name, which nobody else has, is then taken by ourselves.
          const late = earlier && error.code === "TaskAgentExistsException" ? await again() : undefined;
          if (late) return late;
          open = earlier || error.details.ambiguous === true;
          throw error;
        }
      });
    },
  };
}

export function persistentRun(run: PipelineRun, retrier: Retrier): PipelineRun {
  return {
    timeline: () => persist(retrier, "run.timeline", () => run.timeline()),
    isOver: (runId) => persist(retrier, "run.isOver", () => run.isOver(runId)),
  };
}
