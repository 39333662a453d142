// The step itself: reads the settings, wires the adapters, runs one action, reports.
import "./taskhost/first.ts";
import entrypoint from "../../agent-image/entrypoint.sh";
import { check } from "./actions/check.ts";
import { create } from "./actions/create.ts";
import type { Outcome } from "./actions/outcome.ts";
import { remove } from "./actions/remove.ts";
import { run } from "./actions/run.ts";
import { sweep } from "./actions/sweep.ts";
import { Cancelled, TaskError } from "./errors.ts";
import { ledgerOf } from "./lifecycle/ledger.ts";
import { type StepReport, stepReport } from "./report/step-report.ts";
import type { Settings } from "./settings.ts";
import { attach } from "./taskhost/attach.ts";
import { rawTask } from "./taskhost/inputs.ts";
import { leave } from "./taskhost/leave.ts";
import { maskSecrets } from "./taskhost/mask.ts";
import { knownSecrets } from "./taskhost/secrets.ts";
import { end, fail, failureRecord, quiet, taskHost, time } from "./taskhost/task-host.ts";
import { unlessUnexpected } from "./taskhost/unless-unexpected.ts";
import { checkPortsOf, portsOf, settingsOf } from "./wiring.ts";

async function act(settings: Settings, report: StepReport): Promise<Outcome> {
  const { task } = report;
  if (settings.action === "check") return check(checkPortsOf(settings, task), settings);
  // Before the first request: should this process end in the middle of it, the post-job step removes what there is.
  const ledger = ledgerOf(task);
  if (settings.action === "remove") ledger.searching();
  const reached = await portsOf(settings, task).catch((error: unknown) => {
    // A pool that the service says is not there holds nothing that the post-job step could find.
    if (error instanceof TaskError && error.code === "EA507") ledger.searched();
    throw error;
  });
  const ports = report.observe(reached);
  switch (settings.action) {
    case "run":
      return run(ports, settings, entrypoint);
    case "create":
      return create(ports, settings, entrypoint);
    case "remove":
      return remove(ports, settings);
    case "sweep":
      return sweep(ports, settings);
  }
}

async function main(): Promise<boolean> {
  quiet();
  // Nothing can cancel the telling.
  const host = taskHost(new AbortController().signal);
  let report: StepReport | undefined;
  const attached = (...ended: Parameters<StepReport["ended"]>) =>
    report && attach(report.ended(...ended), knownSecrets());
  try {
    const outcome = await unlessUnexpected(async (cancelled) => {
      const task = taskHost(cancelled);
      const settings = settingsOf(rawTask, task);
      maskSecrets(settings);
      report = stepReport(settings, task, () => time.now());
      return act(settings, report);
    });
    attached(outcome.result);
    return end(host, outcome);
  } catch (error) {
    attached(error instanceof Cancelled ? "canceled" : "failed", failureRecord(error));
    return fail(host, error);
  }
}

void main().then(leave);
