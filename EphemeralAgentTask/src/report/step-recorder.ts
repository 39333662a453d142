// Records facts and times of a step's agents for the run's summary. It decides nothing.
import type { ContainerGroupDefinition, ContainerGroupView, GroupEvent, JobRequest } from "../ports.ts";
import type { Prices } from "../settings/settings.ts";
import { costOf } from "./cost-estimate.ts";
import { type AgentRecord, type ErrorRecord, type PhaseName, phaseNames } from "./step-record.ts";

type Draft = { -readonly [Key in keyof AgentRecord]?: AgentRecord[Key] } & {
  readonly name: string;
  readonly times: Map<PhaseName, number>;
  queuedAt?: number;
  /** By this step; others it only saw. */
  made?: true;
  /** Of the first event: Azure bills from the pull. */
  billedFrom?: number;
};

/** How a step ended, as far as it matters to its agents. */
interface StepEnd {
  readonly canceled: boolean;
  /** What the step failed with. Every agent that it made and that served no job failed by it. */
  readonly error?: ErrorRecord;
}

type Place = NonNullable<ContainerGroupView["place"]>;

/** Events of a container that begin a phase (facts aci-azure-sdk §3.4). */
const phaseOfEvent: Readonly<Record<string, PhaseName>> = { Pulled: "pulled", Started: "started" };

const iso = (ms: number): string => new Date(ms).toISOString();

export class Recorder {
  readonly #agents = new Map<string, Draft>();
  /** Names of the agents in whose place others were made, by the others' names. */
  readonly #replaced = new Map<string, string>();
  readonly #pool: string;

  /** @param pool that the agents are in */
  constructor(pool: string) {
    this.#pool = pool;
  }

  #of(name: string): Draft {
    const draft = this.#agents.get(name) ?? { name, times: new Map() };
    this.#agents.set(name, draft);
    return draft;
  }

  /** True once something of this name was noted. */
  knows(name: string): boolean {
    return this.#agents.has(name);
  }

  /** Notes when a phase began; the first time counts. @param at milliseconds since the epoch */
  phase(name: string, phase: PhaseName, at: number): void {
    const { times } = this.#of(name);
    if (!times.has(phase)) times.set(phase, at);
  }

  registered(name: string, id: number, at: number): void {
    const draft = this.#of(name);
    draft.id = id;
    draft.made = true;
    this.phase(name, "registered", at);
  }

  #place(name: string, { location, image, cpu, memoryInGB, subnetId }: Place, resourceGroup: string): void {
    const subnet = subnetId?.split("/").at(-1);
    const size = { cpu, memoryInGB };
    this.#of(name).place = {
      region: location,
      resourceGroup,
      ...size,
      image,
      ...(subnet === undefined ? {} : { subnet }),
    };
  }

  /** A container group is asked for; with a fallback it is another place than before. */
  requested(definition: ContainerGroupDefinition, resourceGroup: string, at: number): void {
    this.#place(definition.name, definition, resourceGroup);
    this.#of(definition.name).made = true;
    this.phase(definition.name, "requested", at);
  }

  #events(name: string, events: readonly GroupEvent[]): void {
    if (events.length === 0) return;
    this.#of(name).events = events.map(({ lastTimestamp, type, name: event, message, count }) => {
      return { at: lastTimestamp, type, name: event, message, count };
    });
    for (const { name: event, lastTimestamp } of events) {
      const phase = phaseOfEvent[event];
      const at = Date.parse(lastTimestamp);
      if (phase && !Number.isNaN(at)) this.phase(name, phase, at);
    }
  }

  /** What a read of a container group shows. */
  group({ name, events, place }: ContainerGroupView, resourceGroup: string): void {
    if (place && !this.#of(name).place) this.#place(name, place, resourceGroup);
    const [first] = events.map(({ lastTimestamp }) => Date.parse(lastTimestamp)).filter((at) => !Number.isNaN(at));
    if (first !== undefined) this.#of(name).billedFrom ??= first;
    this.#events(name, events);
  }

  online(name: string, at: number): void {
    this.phase(name, "online", at);
  }

  /** @param at now, for what the service does not tell */
  job(name: string, request: JobRequest, at: number): void {
    const draft = this.#of(name);
    const { jobId, jobName, ownerName, ownerId, result, queuedAt, assignedAt, finishedAt, finished } = request;
    draft.job = {
      ...(jobId === "" ? {} : { id: jobId }),
      name: jobName,
      ...(jobName === "" ? { run: ownerName || ownerId } : {}),
      ...(result === undefined ? {} : { result }),
    };
    if (queuedAt !== undefined) draft.queuedAt = queuedAt;
    this.phase(name, "assigned", assignedAt ?? at);
    if (finished) this.phase(name, "finished", finishedAt ?? at);
  }

  /** The whole text: it is cut when the secrets in it are gone. */
  log(name: string, text: string): void {
    if (text.trim() !== "") this.#of(name).log = text;
  }

  failed(name: string, error: ErrorRecord): void {
    this.#of(name).error ??= error;
  }

  /** An agent is about to be made in place of an earlier one. It is told of once something of it was seen. */
  replaces(name: string, earlier: string): void {
    this.#replaced.set(name, earlier);
  }

  /**
   * The agents as they are now.
   * @param end how the step ended
   * @param now in milliseconds since the epoch
   */
  agents(prices: Prices, end: StepEnd, now: number): AgentRecord[] {
    return [...this.#agents.values()].map((draft) => this.#agent(draft, prices, end, now));
  }

  #agent(draft: Draft, prices: Prices, { canceled, error: stepError }: StepEnd, now: number): AgentRecord {
    const { times, queuedAt, billedFrom, made, error = unused(draft) ? stepError : undefined, ...known } = draft;
    const replaces = this.#replaced.get(draft.name);
    const from = billedFrom ?? times.get("requested") ?? times.get("online");
    const over = times.get("finished") ?? times.get("deleted");
    const [online, assigned] = [times.get("online"), times.get("assigned")];
    const seconds = ((over ?? now) - (from ?? now)) / 1000;
    const result = resultOf(times, error, canceled);
    return {
      ...known,
      ...(replaces === undefined ? {} : { replaces }),
      ...(error === undefined ? {} : { error }),
      pool: this.#pool,
      // By the clocks of two services and of this machine: none is before the one that it follows.
      phases: inOrder(times).map(([name, at]) => ({ name, at: iso(at) })),
      result,
      // What an agent that waits for its job will have cost is told by the step that removes it.
      ...(known.place && from !== undefined && result !== "waiting"
        ? { cost: costOf(known.place, Math.max(seconds, 0), prices) }
        : {}),
      ...(assigned !== undefined && online !== undefined && queuedAt !== undefined
        ? {
            waited: {
              who: queuedAt < online ? ("job" as const) : ("agent" as const),
              seconds: Math.round(Math.abs(online - queuedAt) / 1000),
            },
          }
        : {}),
    };
  }
}

function inOrder(times: ReadonlyMap<PhaseName, number>): [PhaseName, number][] {
  let latest = 0;
  return phaseNames.flatMap((name): [PhaseName, number][] => {
    const at = times.get(name);
    if (at === undefined) return [];
    latest = Math.max(latest, at);
    return [[name, latest]];
  });
}

/** Made by this step, and neither has it served a job nor does it serve one: the step's failure is its own. */
function unused({ made, times }: Draft): boolean {
  const isGone = times.has("unregistered") || times.has("deleted");
  return made === true && !times.has("finished") && (isGone || !times.has("assigned"));
}

function resultOf(times: Draft["times"], error: ErrorRecord | undefined, canceled: boolean): AgentRecord["result"] {
  if (error) return "failed";
  if (times.has("finished")) return "served";
  if (canceled) return "canceled";
  return times.has("unregistered") || times.has("deleted") ? "unneeded" : "waiting";
}
