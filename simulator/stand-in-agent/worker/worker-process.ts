// The worker process: runs one job and reports how it ended.
import { hostname } from "node:os";
import { runJob } from "../../job-execution/run-job.ts";
import { diagFolder, thisInstall } from "../configuration/agent-files.ts";
import { openTrace } from "../diagnostic-log.ts";
import type { FromWorker, ToWorker } from "../listener-worker-messages.ts";
import { completeJob, endsByEvent, jobServer } from "./job-client.ts";
import { downloadTask } from "./task-download.ts";
import { HttpsReporter } from "./timeline-reporter.ts";

/**
 * The worker process: carries out the one job its listener hands it and tells the service how it ended.
 * @returns its exit code.
 */
export async function worker(environment: NodeJS.ProcessEnv = process.env): Promise<number> {
  const trace = openTrace(diagFolder(thisInstall(environment), "WORKER", environment), "Worker");
  const cancel = new AbortController();
  const job = await new Promise<Extract<ToWorker, { kind: "job" }>>((resolve) => {
    process.on("message", (told: ToWorker) => {
      if (told.kind === "job") resolve(told);
      else cancel.abort(told.kind);
    });
    // A listener that is gone takes its job with it.
    process.once("disconnect", () => cancel.abort("shutdown"));
  });
  const { message, agentName, agentId, workFolder, once } = job;
  trace(`Job ${message.jobDisplayName}, request ${message.requestId}.`);
  const server = jobServer(message);
  const reporter = new HttpsReporter(server, message, trace);
  const { result } = await runJob(message, {
    workFolder,
    tasks: {},
    download: (task, folder) => downloadTask(server, task, folder),
    nodePath: process.execPath,
    reporter,
    signal: cancel.signal,
    environment: given(environment),
    machineName: hostname(),
    agentName,
    agentId,
    onProcess: () => tell({ kind: "begun" }),
  });
  await reporter.finish();
  if (endsByEvent(message)) await completeJob(server, message, { result, agentShuttingDown: once });
  trace(`Job result: ${result}.`);
  await tell({ kind: "completed", result });
  return 0;
}

function tell(what: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected && process.send !== undefined) process.send(what, () => resolve());
    else resolve();
  });
}

function given(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
