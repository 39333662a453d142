// The step's entry: reads the settings, wires the adapters, runs one action, and reports.
import "./taskhost/startup/before-task-lib.ts";
import entrypoint from "../../agent-image/entrypoint.sh";
import type { Outcome } from "./actions/action-result.ts";
import { check } from "./actions/check.ts";
import { create } from "./actions/create.ts";
import { alreadyTold, remove } from "./actions/remove.ts";
import { run } from "./actions/run.ts";
import { sweep } from "./actions/sweep.ts";
import { Cancelled, TaskError } from "./errors/catalog.ts";
import { ledgerOf } from "./lifecycle/step/write-ahead-ledger.ts";
import { type StepReport, stepReport } from "./report/step-report.ts";
import type { Settings } from "./settings/settings.ts";
import { attach } from "./taskhost/attach-record.ts";
import { leave } from "./taskhost/exit-process.ts";
import { knownSecrets } from "./taskhost/secrets/known-secrets.ts";
import { maskSecrets } from "./taskhost/secrets/mask-secrets.ts";
import { unlessUnexpected } from "./taskhost/stop-on-unexpected-error.ts";
import { end, fail, failureRecord, quiet, taskHost, time } from "./taskhost/task-host.ts";
import { rawTask } from "./taskhost/task-inputs.ts";
import { checkPortsOf, portsOf, runOf, settingsOf } from "./wiring.ts";

async function removing(settings: Extract<Settings, { action: "remove" }>, report: StepReport): Promise<Outcome> {
  const { task } = report;
  ledgerOf(task).searching();
  try {
    return await remove(report.observe(await portsOf(settings, task)), settings);
  } catch (error) {
    if (error instanceof Cancelled) throw error;
    // A pool that the service says is not there holds nothing that the post-job step could find.
    if (error instanceof TaskError && error.code === "EA507") ledgerOf(task).searched();
    const outcome = await alreadyTold(runOf(settings, task), task, error);
    if (outcome === undefined) throw error;
    ledgerOf(task).searched();
    return outcome;
  }
}

async function act(settings: Settings, report: StepReport): Promise<Outcome> {
  const { task } = report;
  if (settings.action === "check") return check(checkPortsOf(settings, task), settings);
  // Before the first request: should this process end in the middle of it, the post-job step removes what there is.
  if (settings.action === "remove") return removing(settings, report);
  const ports = report.observe(await portsOf(settings, task));
  switch (settings.action) {
    case "run":
      return run(ports, settings, entrypoint);
    case "create":
      return create(ports, settings, entrypoint);
    case "sweep":
      return sweep(ports, settings);
  }
}

async function main(): Promise<boolean> {
  quiet();
  // Reporting cannot be canceled.
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
