// The post-job step: removes what the step's own process could not. Silent when there is nothing to do, and never the
// reason why a good job fails.
import "./taskhost/startup/never-fail-post-job.ts";
import "./taskhost/startup/before-task-lib.ts";
import { cleanUpFailure, finish } from "./actions/post-job.ts";
import type { TaskError } from "./errors/catalog.ts";
import { brief } from "./lifecycle/step/retry.ts";
import { readLedger } from "./lifecycle/step/write-ahead-ledger.ts";
import { leave } from "./taskhost/exit-process.ts";
import { maskSecrets } from "./taskhost/secrets/mask-secrets.ts";
import { unlessUnexpected } from "./taskhost/stop-on-unexpected-error.ts";
import { quiet, savedState, taskHost } from "./taskhost/task-host.ts";
import { rawTask } from "./taskhost/task-inputs.ts";
import { portsOf, settingsOf } from "./wiring.ts";

async function main(): Promise<void> {
  quiet();
  const host = taskHost(new AbortController().signal);
  const warn = ({ code, message }: TaskError) => host.warning(code, message);
  try {
    const ledger = readLedger(savedState());
    if (ledger.open.length === 0 && !ledger.everything) return;
    await unlessUnexpected(async (cancelled) => {
      const settings = settingsOf(rawTask, host);
      maskSecrets(settings);
      const ports = await portsOf(settings, taskHost(cancelled), brief);
      for (const error of await finish(ports, settings.run, ledger)) warn(error);
    });
  } catch (error) {
    warn(cleanUpFailure(error));
  }
}

void main().then(() => leave(true));
