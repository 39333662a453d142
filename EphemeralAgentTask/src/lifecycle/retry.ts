// Transient failures of either service end here: the ports are wrapped once, and nothing else retries.
import { Cancelled } from "../errors.ts";
import { type AgentPool, type Clock, type ContainerHost, type PipelineRun, ServiceFault } from "../ports.ts";
import type { TokenWatch } from "./diagnosis/token.ts";
import { type Rest, restFor } from "./rest.ts";
import { unseenMs, untilSeen } from "./sight.ts";

export interface RetryPolicy {
  /** Attempts in all. */
  readonly attempts: number;
  /** First pause in milliseconds; doubled each time, with up to half of it as jitter. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** The longest pause in milliseconds that a service may ask for (`Retry-After`). */
  readonly longestAskedMs: number;
  /** An attempt without an answer for so many milliseconds counts as lost. */
  readonly attemptMs: number;
}

export const patient: RetryPolicy = {
  attempts: 8,
  firstPauseMs: 500,
  longestPauseMs: 30_000,
  longestAskedMs: 120_000,
  attemptMs: 60_000,
};

/** For the post-job step, which holds up the end of the user's job. */
export const brief: RetryPolicy = { ...patient, longestAskedMs: 10_000 };

/** For the seconds between a cancel and the kill: one try, answered quickly or not at all. */
export const hurried: RetryPolicy = {
  attempts: 1,
  firstPauseMs: 0,
  longestPauseMs: 0,
  longestAskedMs: 0,
  attemptMs: 3_000,
};

/** Attempts in all where another one seldom helps. */
const seldomAttempts = 3;

/**
 * What makes an agent has another way: a size or a place of `fallbacks`, or to end and say so. So a service that asks it to
 * wait longer than this many milliseconds is not waited for. Creates are limited to 100 in five minutes (facts
 * aci-azure-sdk §2.3).
 */
export const worthWaitingMs = 300_000;

const makes: ReadonlySet<string> = new Set(["host.create", "host.network", "pool.register"]);

export interface Retrier {
  readonly clock: Clock;
  readonly policy: RetryPolicy;
  readonly signal: AbortSignal;
  /** Told before each pause. */
  onRetry(fault: ServiceFault, pauseMs: number): void;
  readonly token?: TokenWatch;
  readonly rest?: Rest;
}

const unanswered = (what: string, ms: number) =>
  new ServiceFault(what.startsWith("host") ? "Azure" : "Azure DevOps", "NoAnswer", `no answer within ${ms / 1000} s.`, {
    kind: "silence",
    retryable: true,
    ambiguous: true,
  });

/** These may have been carried out when a cancel comes: their answer, which is waited for, says what there is to remove. */
const keptOnCancel: ReadonlySet<string> = new Set(["host.create", "pool.register", "pool.registerAgain"]);

/** One attempt, given up after the policy's time or on a cancel. The request itself may still be carried out. */
function attempt<T>(
  { clock, policy, signal }: Retrier,
  what: string,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new AbortController();
    const stop = () => {
      over();
      if (!keptOnCancel.has(what)) request.abort();
      reject(new Cancelled());
    };
    const takeBack = clock.after(policy.attemptMs, () => {
      over();
      request.abort();
      reject(unanswered(what, policy.attemptMs));
    });
    const over = () => {
      takeBack();
      signal.removeEventListener("abort", stop);
    };
    signal.addEventListener("abort", stop);
    send(request.signal).finally(over).then(resolve, reject);
  });
}

const seconds = (ms: number) => `${Math.ceil(ms / 1000)} s`;

/** A fault whose pause is not waited for. */
function tooLong(fault: ServiceFault, askedMs: number): ServiceFault {
  const said = `${fault.code}: ${fault.message} It asks to wait ${seconds(askedMs)}, which is longer than this step waits.`;
  return new ServiceFault(fault.service, "RetryAfterTooLong", said, { ...fault.details, retryable: false });
}

/**
 * Sends a request again while the service says that this may help.
 * @param what port and method, e.g. `host.create`
 * @param send gets a signal that aborts when the attempt is given up
 * @throws the last `ServiceFault`, as `RetryAfterTooLong` when the service asks for more time than there is; `Cancelled` when
 *   the step is
 */
export async function persist<T>(
  retrier: Retrier,
  what: string,
  send: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const { policy, clock, signal, token } = retrier;
  for (let tried = 1; ; tried++) {
    if (signal.aborted) throw new Cancelled();
    if (!what.startsWith("host")) await restFor(retrier, policy.longestAskedMs);
    try {
      const answer = await attempt(retrier, what, send);
      token?.accepted(what);
      return answer;
    } catch (error) {
      if (!(error instanceof ServiceFault)) throw error;
      const { retryable = false, seldomPasses = false, retryAfterMs: asked = 0 } = error.details;
      const attempts = seldomPasses ? Math.min(seldomAttempts, policy.attempts) : policy.attempts;
      // A create that Azure has no room for now waits for its turn among the others of the step: lifecycle/create-pace.ts.
      const paced = what === "host.create" && error.details.status === 429;
      const last = !retryable || tried >= attempts || paced;
      const hopeless = retryable && asked > (makes.has(what) ? worthWaitingMs : policy.longestAskedMs);
      if (hopeless && (last || makes.has(what))) throw tooLong(error, asked);
      if (last) throw token?.judge(what, error) ?? error;
      const doubled = Math.min(policy.longestPauseMs, policy.firstPauseMs * 2 ** (tried - 1));
      const granted = makes.has(what) ? asked : Math.min(asked, policy.longestAskedMs);
      const pause = Math.max(granted, doubled * (1 + clock.random() / 2));
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
          ? await untilSeen({ ...retrier, signal }, () => host.get(definition.name, signal))
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
export function persistentPool(pool: AgentPool, retrier: Retrier): AgentPool {
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
    disable: (id) => keep("disable", (signal) => pool.disable(id, signal)),
    remove: (id) => keep("remove", (signal) => pool.remove(id, signal)),
    jobRequests: () => keep("jobRequests", (signal) => pool.jobRequests(signal)),
    register(definition) {
      let open = false;
      return keep("register", async (signal) => {
        const again = async (forMs: number) => {
          const look = () => pool.find(definition.name, signal);
          const made = open ? await untilSeen({ ...retrier, signal }, look, forMs) : undefined;
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

export function persistentRun(run: PipelineRun, retrier: Retrier): PipelineRun {
  return {
    timeline: () => persist(retrier, "run.timeline", (signal) => run.timeline(signal)),
    isOver: (runId) => persist(retrier, "run.isOver", (signal) => run.isOver(runId, signal)),
  };
}
