// Reads the records of one step's agents: one list of the pool for all of them, at most once a second.
import type { AgentPool, AgentView, Clock } from "../../ports.ts";
import type { ConsistencyTracker } from "../step/consistency-tracker.ts";

/** This few agents are read one by one, which is faster and costs hardly more requests. */
const few = 3;
/** A pool with more records for each agent of the step costs more to list than to ask for each. */
const worthListing = 10;
const apartMs = 1_000;
const groupOfOneApartMs = 900;

export interface BatchedAgentReads {
  /**
   * The record of an agent, read after the call.
   * @returns undefined while, or when, a read by its id shows none: that a list has not got it says nothing
   * @throws what a read of the pool throws; `Cancelled`
   */
  record(agent: { readonly name: string; readonly id: number }): Promise<AgentView | undefined>;
  /**
   * Milliseconds between two reads of one agent's container group, so that all together are ten a second at most. What its
   * record shows comes quicker.
   */
  readonly groupApartMs: number;
  /** Milliseconds between two reads of its record, for the same reason: a list for all of them sets its own pace. */
  readonly recordApartMs: number;
}

/** @param signal ends every wait */
export function batchedAgentReads(
  {
    clock,
    pool,
    consistency,
  }: { readonly clock: Clock; readonly pool: AgentPool; readonly consistency: ConsistencyTracker },
  signal: AbortSignal,
): BatchedAgentReads {
  let next: Promise<ReadonlyMap<number, AgentView>> | undefined;
  let under: Promise<unknown> = Promise.resolve();
  let beganAt = Number.NEGATIVE_INFINITY;
  let listed = 0;

  /** A call during a list request gets the result of the next one. */
  async function list(): Promise<ReadonlyMap<number, AgentView>> {
    await under.catch(() => undefined);
    const waitMs = beganAt + apartMs - clock.now();
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    next = undefined;
    beganAt = clock.now();
    const records = pool.list();
    under = records;
    const all = await records;
    listed = all.length;
    return new Map(all.map((record) => [record.id, record]));
  }

  const isShared = () => consistency.agents > few && listed <= worthListing * consistency.agents;

  return {
    async record({ name, id }) {
      // By its id at first: lists are behind, and only then does a later 404 say that it is gone.
      if (!isShared() || !consistency.recordSeen(name)) return pool.get(id);
      next ??= list();
      return (await next).get(id) ?? pool.get(id);
    },
    get groupApartMs() {
      return Math.max(groupOfOneApartMs, consistency.agents * 100);
    },
    get recordApartMs() {
      return isShared() ? 0 : consistency.agents * 100;
    },
  };
}
