// Write-ahead: what this step is about to make is known to its post-job step before it is made, so that killing this
// process anywhere leaves nothing that cannot be found.
import type { TaskHost } from "../ports.ts";

export interface LedgerState {
  readonly version: 1;
  /** Names of the agents (record and group alike) that this step still has to remove. */
  readonly open: readonly string[];
}

export interface Ledger {
  /** Must be called, and return, before the agent is registered. */
  opened(name: string): void;
  /** Removed and seen to be gone, or handed over to the jobs that follow. */
  closed(name: string): void;
  readonly open: readonly string[];
}

export function ledgerOf(task: TaskHost): Ledger {
  const open = new Set<string>();
  const save = () => {
    const state: LedgerState = { version: 1, open: [...open] };
    task.saveState(JSON.stringify(state));
  };
  return {
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

/** Reads what an earlier process of this step saved; nothing saved means nothing to do. */
export function readLedger(saved: string | undefined): readonly string[] {
  if (saved === undefined || saved === "") return [];
  const state = JSON.parse(saved) as LedgerState;
  return state.open;
}
