// A clock that tests move.
import { setImmediate as turn } from "node:timers/promises";
import { Cancelled } from "../../EphemeralAgentTask/src/errors/catalog.ts";
import type { Clock } from "../../EphemeralAgentTask/src/ports.ts";

interface Timer {
  readonly at: number;
  readonly order: number;
  dropped: boolean;
  fire(): void;
}

const before = (one: Timer, other: Timer | undefined) =>
  other !== undefined && (one.at < other.at || (one.at === other.at && one.order < other.order));

/** A small, fast generator of the same numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Time that passes only when everybody waits: it jumps from one timer to the next. */
export class VirtualClock implements Clock {
  private time = 0;
  private order = 0;
  private readonly timers: Timer[] = [];
  readonly random: () => number;

  constructor(
    seed = 1,
    private readonly start: number = Date.parse("2026-01-05T08:00:00Z"),
  ) {
    this.random = seeded(seed);
  }

  /** From zero: whoever takes it for a date is an age behind. */
  now(): number {
    return this.time;
  }

  date(): number {
    return this.start + this.time;
  }

  /** Calls `action` after `ms` milliseconds. The returned function takes it back. */
  after(ms: number, action: () => void): () => void {
    const timer: Timer = { at: this.time + Math.max(0, ms), order: this.order++, fire: action, dropped: false };
    this.push(timer);
    return () => {
      timer.dropped = true;
    };
  }

  /** A binary heap: a schedule sets tens of thousands of timers. */
  private push(timer: Timer): void {
    const heap = this.timers;
    let at = heap.push(timer) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(timer, heap[parent])) break;
      heap[at] = heap[parent] as Timer;
      at = parent;
    }
    heap[at] = timer;
  }

  private pop(): Timer | undefined {
    const heap = this.timers;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1] as Timer, heap[child])) child++;
      if (!before(heap[child] as Timer, last)) break;
      heap[at] = heap[child] as Timer;
      at = child;
    }
    heap[at] = last;
    return first;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new Cancelled());
      const stop = () => {
        takeBack();
        reject(new Cancelled());
      };
      const takeBack = this.after(ms, () => {
        signal?.removeEventListener("abort", stop);
        resolve();
      });
      signal?.addEventListener("abort", stop, { once: true });
      return undefined;
    });
  }

  private next(): Timer | undefined {
    for (;;) {
      const timer = this.pop();
      if (!timer?.dropped) return timer;
    }
  }

  /**
   * Lets time pass until the work is done, at most `limitMs` milliseconds of it.
   * @throws what the work throws; an error when nothing is left to wait for or the limit is passed
   */
  async run<T>(work: Promise<T>, limitMs = 24 * 3_600_000): Promise<T> {
    const end = this.time + limitMs;
    let settled = false;
    const mark = () => {
      settled = true;
    };
    work.then(mark, mark);
    for (;;) {
      await turn();
      if (settled) return work;
      const timer = this.next();
      if (!timer) throw new Error("the work waits for something that can never happen");
      if (timer.at > end) throw new Error(`the work is not done after ${limitMs / 1000} virtual seconds`);
      this.time = Math.max(this.time, timer.at);
      timer.fire();
    }
  }

  /** Lets `ms` milliseconds pass. */
  async pass(ms: number): Promise<void> {
    await this.run(this.sleep(ms), ms);
  }
}
