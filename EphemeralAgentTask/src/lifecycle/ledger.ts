// Write-ahead: what this step is about to make is known to its post-job step before it is made, so that killing this
// process anywhere leaves nothing that cannot be found.
import type { TaskHost } from "../ports.ts";

export interface LedgerState {
  readonly version: 1;
  /** Names of the agents (record and group alike) that this step still has to remove. */
  readonly open: readonly string[];
  /** Set while it is not known yet what there is to remove: whatever the run made is. */
  readonly everything?: true;
}

export interface Ledger {
  /** Must be called before looking for what the run made. */
  searching(): void;
  /** Notes what was found, before anything is done about it. */
  found(names: readonly string[]): void;
  /** Must be called, and return, before the agent is registered. */
  opened(name: string): void;
  /** Removed and seen to be gone, or handed over to the jobs that follow. */
  closed(name: string): void;
  readonly open: readonly string[];
}

export function ledgerOf(task: TaskHost): Ledger {
  const open = new Set<string>();
  const save = (everything = false) => {
    const state: LedgerState = { version: 1, open: [...open], ...(everything ? { everything: true as const } : {}) };
    task.saveState(JSON.stringify(state));
  };
  return {
    searching: () => save(true),
    found(names) {
      for (const name of names) open.add(name);
      save();
    },
    opened(name) {
      open.add(name);
      save();
    },
    closed(name) {
      open.delete(name);
      save();
    },
    get open() {
      return [...open];
    },
  };
}

const nothing: LedgerState = { version: 1, open: [] };

/** Reads what an earlier process of this step saved; nothing saved means nothing to do. */
export function readLedger(saved: string | undefined): LedgerState {
  return saved === undefined || saved === "" ? nothing : (JSON.parse(saved) as LedgerState);
}
