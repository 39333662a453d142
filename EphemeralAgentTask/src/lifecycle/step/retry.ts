// Sends a request again when the service says that another attempt may help, and waits as long as the service asks for.
import { Cancelled } from "../../errors/catalog.ts";
import { type Clock, ServiceFault } from "../../ports.ts";
import type { TokenWatch } from "../diagnose/expired-token.ts";
import { pauseForThrottling, type ThrottlingPauses } from "./throttling-pauses.ts";

export interface RetryPolicy {
  /** Attempts in all. */
  readonly attempts: number;
  /** First pause in milliseconds; doubled each time, with up to half of it as jitter. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** The longest pause in milliseconds that a service may ask for (`Retry-After`). */
  readonly longestAskedMs: number;
  /** After this many milliseconds without an answer, an attempt counts as lost. */
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

/** So many answers that seldom change are taken for the last word, whatever else came between them. */
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
  readonly throttling?: ThrottlingPauses;
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

/** The fault when a service asks for a longer pause than the step waits. */
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
  let seldom = 0;
  for (let tried = 1; ; tried++) {
    if (signal.aborted) throw new Cancelled();
    if (!what.startsWith("host")) await pauseForThrottling(retrier, policy.longestAskedMs);
    try {
      const answer = await attempt(retrier, what, send);
      token?.accepted(what);
      return answer;
    } catch (error) {
      if (!(error instanceof ServiceFault)) throw error;
      const { retryable = false, seldomPasses = false, retryAfterMs: asked = 0 } = error.details;
      if (seldomPasses) seldom++;
      // A create that Azure has no room for now waits for its turn among the others of the step: lifecycle/create/create-queue.ts.
      const paced = what === "host.create" && error.details.status === 429;
      const last = !retryable || tried >= policy.attempts || seldom >= seldomAttempts || paced;
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
