// The creates of one step, in order and no faster than Azure takes them. A subscription may create 100 container groups in 5
// minutes and 300 in an hour in a region, by default, and Azure tells with each how many are left (facts aci-azure-sdk §2.3, §3.3).
import { Cancelled, TaskError } from "../../errors/catalog.ts";
import { asked, toTaskError } from "../../errors/mapping/error-mapping.ts";
import { type CreateAllowance, ServiceFault } from "../../ports.ts";
import { worthWaitingMs } from "../step/retry.ts";
import type { Context } from "../step/step-context.ts";

/** Creates under way at a time, while nothing tells of less: an answer takes seconds, and tells how many more there may be. */
const mostAtOnce = 50;

/** How long creates wait, in milliseconds. */
interface Patience {
  /** For its turn at most, after which its refusal is a failure. */
  readonly longestWaitMs: number;
  /** The longest pause that a service may ask for. */
  readonly longestPauseMs: number;
}

/** For one agent: nobody is helped by a step that waits for an hour. */
const alone: Patience = { longestWaitMs: 3 * worthWaitingMs, longestPauseMs: worthWaitingMs };

/** Many agents reach Azure's own limits by themselves, of which the longest is an hour. */
const many: Patience = { longestWaitMs: 2 * 3_600_000, longestPauseMs: 65 * 60_000 };

/** Milliseconds, for a refusal that does not say how long. */
const usualPauseMs = 30_000;

const minute = 60_000;

interface Window {
  readonly left: keyof CreateAllowance;
  readonly lengthMs: number;
  readonly limit: string;
}

const fiveMinutes: Window = { left: "in5Minutes", lengthMs: 5 * minute, limit: "100 in 5 minutes" };
const hour: Window = { left: "inHour", lengthMs: 60 * minute, limit: "300 in an hour" };

interface Waiting {
  readonly number: number;
  go(): void;
}

export interface CreatePace {
  /**
   * Sends a create when it is its turn; one that Azure refuses for now gets another turn before all that came later.
   * @param hasOtherWay a refusal for long is thrown at once: another region counts for itself
   * @throws what `create` throws; `Cancelled`
   */
  send<T extends { readonly allowance?: CreateAllowance }>(hasOtherWay: boolean, create: () => Promise<T>): Promise<T>;
}

const isRefusedForNow = (error: unknown): error is ServiceFault =>
  error instanceof ServiceFault && error.service === "Azure" && error.details.status === 429;

/** @param total how many creates the step begins with, for the log */
export function createPace({ clock, signal, say }: Context, total: number): CreatePace {
  const waiting: Waiting[] = [];
  const sent: number[] = [];
  let count = 0;
  let underWay = 0;
  let room = mostAtOnce;
  let closedUntil = 0;
  let toldUntil = 0;
  let named = false;
  const patience = total > 1 ? many : alone;
  let takeBack: () => void = () => undefined;

  function pump(): void {
    const closedMs = closedUntil - clock.now();
    takeBack();
    if (closedMs > 0) {
      takeBack = clock.after(closedMs, pump);
      return;
    }
    while (waiting.length > 0 && underWay < room) {
      underWay++;
      waiting.shift()?.go();
    }
  }

  /** @param refused the create that is tried again first, and what Azure said to it */
  function close(
    ms: number,
    { limit }: Window,
    refused?: { readonly number: number; readonly fault: ServiceFault },
  ): void {
    const now = clock.now();
    closedUntil = Math.max(closedUntil, now + ms);
    // The first one then tells how many more there may be.
    room = 1;
    const number = refused?.number ?? waiting[0]?.number;
    if (number === undefined || toldUntil > now) return;
    toldUntil = closedUntil;
    if (refused) {
      const { code, message } = refused.fault;
      const explained = toTaskError(refused.fault);
      // An error with a code is printed at once, but only once.
      if (!named && explained instanceof TaskError) say(`${explained.code} ${explained.message}`);
      named = true;
      say(`${asked(refused.fault)} answered ${code}: ${message} Trying again in ${Math.ceil(ms / 1000)} s.`);
    }
    if (ms < minute) return;
    const wait = `about ${Math.round(ms / minute)} min`;
    say(`create ${number} of ${Math.max(total, count)} waits ${wait}: Azure allows ${limit} by default`);
  }

  /** None is left until the earliest one that counts is old enough: that may be another step's, and then it is sooner. */
  function heed(allowance: CreateAllowance | undefined): void {
    const now = clock.now();
    room = Math.min(mostAtOnce, allowance?.in5Minutes ?? mostAtOnce, allowance?.inHour ?? mostAtOnce);
    for (const window of [fiveMinutes, hour]) {
      if (allowance?.[window.left] !== 0) continue;
      const earliest = sent.find((at) => at > now - window.lengthMs) ?? now;
      close(earliest + window.lengthMs - now, window);
    }
    room = Math.max(1, room);
  }

  function turn(number: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = () => {
        waiting.splice(waiting.indexOf(one), 1);
        reject(new Cancelled());
      };
      const one: Waiting = {
        number,
        go() {
          signal.removeEventListener("abort", cancel);
          resolve();
        },
      };
      if (signal.aborted) {
        reject(new Cancelled());
        return;
      }
      signal.addEventListener("abort", cancel, { once: true });
      const later = waiting.findIndex((other) => other.number > number);
      waiting.splice(later < 0 ? waiting.length : later, 0, one);
      pump();
    });
  }

  return {
    async send(hasOtherWay, create) {
      const number = ++count;
      const began = clock.now();
      for (;;) {
        await turn(number);
        try {
          const made = await create();
          sent.push(clock.now());
          heed(made.allowance);
          return made;
        } catch (error) {
          if (!isRefusedForNow(error) || signal.aborted || clock.now() - began > patience.longestWaitMs) throw error;
          const askedMs = error.details.retryAfterMs ?? usualPauseMs;
          if (askedMs > (hasOtherWay ? worthWaitingMs : patience.longestPauseMs)) throw error;
          const window = askedMs > fiveMinutes.lengthMs ? hour : fiveMinutes;
          close(askedMs, window, { number, fault: error });
        } finally {
          underWay--;
          pump();
        }
      }
    },
  };
}
