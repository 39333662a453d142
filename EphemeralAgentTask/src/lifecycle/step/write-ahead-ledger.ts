// Write-ahead: what this step is about to make is known to its post-job step before it is made, so that killing this
// process anywhere leaves nothing that cannot be found.
import type { TaskHost } from "../../ports.ts";
import type { Removable } from "../remove/remove-agent.ts";

export interface LedgerState {
  readonly version: 1;
  /** Names of the agents (record and group alike) that this step still has to remove. */
  readonly open: readonly string[];
  /** Those of them that register themselves in their containers: marks do not identify such a record. */
  readonly registering?: readonly string[];
  /** Set while it is unknown what has to be removed: then everything that the run created is. */
  readonly everything?: true;
}

export interface Ledger {
  /** Must be called before looking for what the run made. */
  searching(): void;
  /** Writes down what was found, before anything is done about it. */
  found(agents: readonly Removable[]): void;
  /** Must be called when the search is complete. */
  searched(): void;
  /** Must be called, and return, before the agent is registered. */
  opened(agent: Removable): void;
  /** Must be called when the agent is removed, or handed over to the jobs that follow. */
  closed(name: string): void;
  /** The agents that still have to be removed. */
  readonly open: readonly Removable[];
}

export function ledgerOf(task: TaskHost): Ledger {
  const open = new Map<string, Removable>();
  const note = ({ name, registersItself = false }: Removable) => open.set(name, { name, registersItself });
  let everything = false;
  const save = () => {
    const registering = [...open.values()].flatMap((one) => (one.registersItself ? [one.name] : []));
    const state: LedgerState = {
      version: 1,
      open: [...open.keys()],
      ...(registering.length > 0 ? { registering } : {}),
      ...(everything ? { everything: true as const } : {}),
    };
    task.saveState(JSON.stringify(state));
  };
  return {
    searching() {
      everything = true;
      save();
    },
    searched() {
      everything = false;
      save();
    },
    found(agents) {
      for (const agent of agents) note(agent);
      save();
    },
    opened(agent) {
      note(agent);
      save();
    },
    closed(name) {
      open.delete(name);
      save();
    },
    get open() {
      return [...open.values()];
    },
  };
}

const nothing: LedgerState = { version: 1, open: [] };

const unknown: LedgerState = { version: 1, open: [], everything: true };

/**
 * Reads what an earlier process of this step saved; nothing saved means nothing to do. What cannot be read leaves it open what
 * that process made: everything of the run is looked for then.
 */
export function readLedger(saved: string | undefined): LedgerState {
  if (saved === undefined || saved === "") return nothing;
  try {
    const state = JSON.parse(saved) as Partial<LedgerState> | null;
    return Array.isArray(state?.open) ? { ...nothing, ...state } : unknown;
  } catch {
    return unknown;
  }
}

/** What an earlier process left open, as the clean-up takes it. */
export const openIn = ({ open, registering = [] }: LedgerState): Removable[] =>
  open.map((name) => ({ name, registersItself: registering.includes(name) }));
