// The post-job step: removes what the step's own process could not. Silent when there is nothing to do, and never the
// reason why a good job fails.

import "./taskhost/mask-first.ts";
import { unhurriedContext } from "./lifecycle/context.ts";
import { explainFault } from "./lifecycle/explain.ts";
import { readLedger } from "./lifecycle/ledger.ts";
import { tearDown } from "./lifecycle/teardown.ts";
import { rawTask } from "./taskhost/inputs.ts";
import { clock, maskSecrets, quiet, savedState, taskHost, warn } from "./taskhost/task-host.ts";
import { portsOf, settingsOf } from "./wiring.ts";

/** After a cancel the agent gives post-job steps five minutes unless the pipeline says otherwise (facts §8.2). */
const busyLimitMs = 4 * 60_000;

async function main(): Promise<void> {
  quiet();
  const names = readLedger(savedState());
  if (names.length === 0) return;
  const task = taskHost(new AbortController().signal);
  try {
    const settings = settingsOf(rawTask, task);
    maskSecrets(settings);
    task.info(`The step ended before it could clean up. Removing ${names.join(", ")}.`);
    const ports = await portsOf(settings, task);
    const context = unhurriedContext(ports, clock.now());
    const ends = await Promise.allSettled(names.map((name) => tearDown(context, { name }, busyLimitMs)));
    for (const end of ends) if (end.status === "rejected") warn(task, explainFault(end.reason));
  } catch (error) {
    warn(task, explainFault(error));
  }
}

void main().then(() => process.exit(0));
