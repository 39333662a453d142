// What the steps of an agent's life share: the ports with retries, the log, and what this process knows of its agents.
import type { ErrorCode } from "../../errors/catalog.ts";
import { asked, mayPass, toTaskError } from "../../errors/mapping/error-mapping.ts";
import type { Throttle } from "../../ports/throttle.ts";
import type { AgentPool, Clock, ContainerHost, PipelineRun, ServiceFault, TaskHost } from "../../ports.ts";
import { tokenWatch } from "../diagnose/expired-token.ts";
import { type BatchedAgentReads, batchedAgentReads } from "../watch/batched-agent-reads.ts";
import { ConsistencyTracker } from "./consistency-tracker.ts";
import { brief, hurried, patient, type RetryPolicy } from "./retry.ts";
import { retryingHost, retryingPool, retryingRun } from "./retrying-ports.ts";

export interface Ports {
  readonly clock: Clock;
  readonly host: ContainerHost;
  readonly pool: AgentPool;
  readonly run: PipelineRun;
  readonly task: TaskHost;
  /** What Azure DevOps asks for before it refuses anything. */
  readonly throttle?: Throttle;
}

/** What was read so far, and shown, by container. */
interface ContainerLogs {
  readonly read: Map<string, Promise<string | undefined>>;
  readonly shown: Set<string>;
}

const noLogsYet = (): ContainerLogs => ({ read: new Map(), shown: new Set() });

export interface Context extends Ports {
  /** Ends every wait when it aborts. */
  readonly signal: AbortSignal;
  /** Prints one line with the seconds since the step began. */
  say(line: string): void;
  /** Logs of containers that have ended. */
  readonly logs: ContainerLogs;
  /** What this process knows of its agents. */
  readonly consistency: ConsistencyTracker;
  readonly agentReads: BatchedAgentReads;
}

function around(
  ports: Ports,
  began: number,
  policy: RetryPolicy,
  signal: AbortSignal,
  consistency: ConsistencyTracker = new ConsistencyTracker(),
): Context {
  const { clock, task } = ports;
  const say = (line: string) =>
    task.info(`[${String(Math.round((clock.now() - began) / 1000)).padStart(4)} s] ${line}`);
  const told = new Set<ErrorCode>();
  function onRetry(fault: ServiceFault, pauseMs: number): void {
    const explained = toTaskError(fault);
    // An error with a code is printed at once, but only once, because the retries may take minutes.
    if (mayPass(explained) && !told.has(explained.code)) say(`${explained.code} ${explained.message}`);
    if (mayPass(explained)) told.add(explained.code);
    say(`${asked(fault)} answered ${fault.code}: ${fault.message} Trying again in ${Math.ceil(pauseMs / 1000)} s.`);
  }
  let pausedUntil = Number.NEGATIVE_INFINITY;
  function onPause(ms: number): void {
    // Every request that is to be sent waits: one of them says so.
    if (pausedUntil < clock.now()) say(`Azure DevOps asks for fewer requests: waiting ${Math.ceil(ms / 1000)} s.`);
    pausedUntil = clock.now() + ms;
  }
  const { throttle } = ports;
  const throttling = throttle && { leftMs: throttle.leftMs, onPause };
  const retrier = {
    clock,
    policy,
    signal,
    onRetry,
    token: tokenWatch(clock, began),
    ...(throttling ? { throttling } : {}),
  };
  const pool = retryingPool(consistency.pool(ports.pool), retrier);
  return {
    ...ports,
    host: retryingHost(consistency.host(ports.host), retrier),
    pool,
    run: retryingRun(ports.run, retrier),
    signal,
    say,
    logs: noLogsYet(),
    consistency,
    agentReads: batchedAgentReads({ clock, pool, consistency }, signal),
  };
}

/** The context of an action: retries for minutes, and ends when the step is canceled. */
export const patientContext = (ports: Ports, began: number): Context =>
  around(ports, began, patient, ports.task.cancelled);

/**
 * The context of the seconds after a cancel: it no longer heeds the cancel, and does not wait.
 * @param traces of the context that was canceled
 */
export const hurriedContext = (ports: Ports, began: number, consistency: ConsistencyTracker): Context =>
  around(ports, began, hurried, new AbortController().signal, consistency);

/** The context of the post-job step: patient, but not for as long as a service may ask; and not to be canceled. */
export const unhurriedContext = (ports: Ports, began: number): Context =>
  around(ports, began, brief, new AbortController().signal);
