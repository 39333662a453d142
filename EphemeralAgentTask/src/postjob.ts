// The post-job step: removes what the step's own process could not. Silent when there is nothing to do, and never the
// reason why a good job fails.
import "./taskhost/mask-first.ts";
import { cleanUpFailure, finish } from "./actions/finish.ts";
import type { TaskError } from "./errors.ts";
import { readLedger } from "./lifecycle/ledger.ts";
import { rawTask } from "./taskhost/inputs.ts";
import { maskSecrets } from "./taskhost/mask.ts";
import { quiet, savedState, taskHost } from "./taskhost/task-host.ts";
import { portsOf, settingsOf } from "./wiring.ts";

async function main(): Promise<void> {
  quiet();
  const ledger = readLedger(savedState());
  if (ledger.open.length === 0 && !ledger.everything) return;
  const task = taskHost(new AbortController().signal);
  const warn = ({ code, message }: TaskError) => task.warning(code, message);
  try {
    const settings = settingsOf(rawTask, task);
    maskSecrets(settings);
    for (const error of await finish(await portsOf(settings, task), settings.run, ledger)) warn(error);
  } catch (error) {
    warn(cleanUpFailure(error));
  }
}

void main().then(() => process.exit(0));
