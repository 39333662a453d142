// What this process knows of its agents from its own requests: a 404 about something that it has just made means "not yet",
// about something that it has seen "no more", and about something that was refused "never".
import { type AgentPool, type AgentView, type ContainerHost, ServiceFault } from "../../ports.ts";

/** The state of a request that creates something. */
type Making = "refused" | "open" | "made";

interface Trace {
  /** This process makes it, and knows all that was asked for. */
  planned?: boolean;
  record?: Making;
  group?: Making;
  recordId?: number;
  recordSeen?: boolean;
  recordRemoved?: boolean;
  /** It was looked for until it would have been visible. */
  recordAbsent?: boolean;
  groupSeen?: boolean;
  groupAbsent?: boolean;
}

export class ConsistencyTracker {
  readonly #byName = new Map<string, Trace>();
  readonly #underWay = new Set<Promise<unknown>>();

  #of(name: string): Trace {
    const trace = this.#byName.get(name) ?? {};
    this.#byName.set(name, trace);
    return trace;
  }

  #ofId(id: number): Trace | undefined {
    return [...this.#byName.values()].find(({ recordId }) => recordId === id);
  }

  /** How many agents this step knows of. */
  get agents(): number {
    return this.#byName.size;
  }

  /** Must be called before anything of this name is asked for. */
  planned(name: string): void {
    this.#of(name).planned = true;
  }

  /** Id of the agent's record, once a service has told it. */
  recordId(name: string): number | undefined {
    return this.#byName.get(name)?.recordId;
  }

  /** The record was seen, so that a 404 means that it is gone. */
  recordSeen(name: string): boolean {
    return this.#byName.get(name)?.recordSeen ?? false;
  }

  /** Notes that a record was looked for until it would have been seen. */
  recordIsAbsent(name: string): void {
    this.#of(name).recordAbsent = true;
  }

  recordRemoved(name: string): boolean {
    return this.#byName.get(name)?.recordRemoved ?? false;
  }

  /** Notes the same of a container group. */
  groupIsAbsent(name: string): void {
    this.#of(name).groupAbsent = true;
  }

  groupSeen(name: string): boolean {
    return this.#byName.get(name)?.groupSeen ?? false;
  }

  /** True when a record of this name may be there although no read has shown it. */
  recordMayBeUnseen(name: string, registersItself = false): boolean {
    const { planned, record, group, recordSeen, recordRemoved, recordAbsent } = this.#byName.get(name) ?? {};
    if (recordSeen || recordRemoved || recordAbsent) return false;
    const asked = registersItself ? group : record;
    return !planned || (asked !== undefined && asked !== "refused");
  }

  /** True when a container group of this name may be there although no read has shown it. */
  groupMayBeUnseen(name: string): boolean {
    const { planned, group, groupSeen, groupAbsent } = this.#byName.get(name) ?? {};
    return !groupSeen && !groupAbsent && (!planned || (group !== undefined && group !== "refused"));
  }

  /** Settles once every request that makes something, and is under way now, is answered, however. */
  async answered(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** A request that makes something: a cancel gives up waiting for it, the service does not. */
  #making<T>(trace: Trace, what: "record" | "group", request: Promise<T>): Promise<T> {
    const earlier = trace[what];
    trace[what] = earlier === "made" ? "made" : "open";
    const over: Promise<unknown> = request.then(
      () => {
        trace[what] = "made";
      },
      (error: unknown) => {
        const refused = error instanceof ServiceFault && error.details.ambiguous !== true;
        if (refused && (earlier === undefined || earlier === "refused")) trace[what] = "refused";
      },
    );
    this.#underWay.add(over);
    void over.then(() => this.#underWay.delete(over));
    return request;
  }

  #sawRecord(record: AgentView | undefined): void {
    if (record === undefined) return;
    const trace = this.#of(record.name);
    trace.recordId = record.id;
    trace.recordSeen = true;
  }

  /** The same pool, whose answers are noted. */
  pool(pool: AgentPool): AgentPool {
    const made = (name: string, request: ReturnType<AgentPool["register"]>) => {
      const trace = this.#of(name);
      const noted = request.then((agent) => {
        trace.recordId = agent.id;
        return agent;
      });
      return this.#making(trace, "record", noted);
    };
    return {
      ...pool,
      register: (definition, signal) => made(definition.name, pool.register(definition, signal)),
      registerAgain: (id, definition, signal) => made(definition.name, pool.registerAgain(id, definition, signal)),
      get: async (id, signal) => {
        const record = await pool.get(id, signal);
        this.#sawRecord(record);
        return record;
      },
      find: async (name, signal) => {
        const record = await pool.find(name, signal);
        // What a list shows may be gone already, or not be visible to a read yet.
        if (record) this.#of(name).recordId = record.id;
        return record;
      },
      remove: async (id, signal) => {
        const answer = await pool.remove(id, signal);
        const trace = this.#ofId(id);
        if (answer === "removed" && trace) trace.recordRemoved = true;
        return answer;
      },
    };
  }

  /** The same host, whose answers are noted. */
  host(host: ContainerHost): ContainerHost {
    return {
      ...host,
      create: (definition, signal) => {
        const trace = this.#of(definition.name);
        // A new one of the same name may be invisible for a while again.
        trace.groupSeen = false;
        trace.groupAbsent = false;
        return this.#making(trace, "group", host.create(definition, signal));
      },
      get: async (name, signal) => {
        const group = await host.get(name, signal);
        if (group) this.#of(name).groupSeen = true;
        return group;
      },
    };
  }
}
