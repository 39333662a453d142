// `npm run sim -- --ready-file F [--request-log F]`: a simulator until somebody ends it. With `--shell`, a shell beside
// it in which the Azure CLI is signed in, and the simulator until that ends. With `--pace`, container groups take the
// times that were recorded at the service. With `--real-time`, Azure DevOps waits for agents as long as the service does,
// so that an agent from outside, which renews its job once a minute, is not given up.
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { realTimes } from "./devops/organization-options.ts";
import { chosenPace, type Pace, paceHelp, paceOptions } from "./pace/service-pace.ts";
import { writeReadyFile } from "./ready-file.ts";
import { type Simulator, startSimulator } from "./start-simulator.ts";

const usage =
  "Usage: npm run sim -- (--ready-file FILE | --shell) [--request-log FILE] [--pace recorded|median [--seed N]] [--real-time]";

const help = `${usage}

Simulates Azure and Azure DevOps on this machine until you end it.

  --ready-file FILE    writes the addresses and secrets to FILE, as JSON, when everything is ready
  --shell              opens a shell in which the Azure CLI is signed in; the simulator ends with it
  --request-log FILE   writes each request to FILE, one line of JSON each; what FILE had is lost
${paceHelp}
  --real-time          Azure DevOps waits for agents as long as the service does: 5 minutes for the renewal of a job,
                       3 minutes for a poll. For agents other than the simulator's own

docs/simulator.md has the details.`;

interface Options {
  readonly readyFile: string | undefined;
  readonly requestLog: string | undefined;
  readonly shell: boolean;
  readonly pace: Pace | undefined;
  readonly realTime: boolean;
}

/** @returns nothing when only help is asked for */
function options(): Options | undefined {
  const { values } = parseArgs({
    options: {
      ...{ "ready-file": { type: "string" }, "request-log": { type: "string" }, shell: { type: "boolean" } },
      ...paceOptions,
      "real-time": { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return undefined;
  const { "ready-file": readyFile, "request-log": requestLog, shell = false } = values;
  if (!readyFile && !shell) throw new Error("--ready-file is missing.");
  const { "real-time": realTime = false } = values;
  return { readyFile, requestLog, shell, pace: chosenPace(values), realTime };
}

/** Resolves with the signal that is to end everything; in a shell, Ctrl+C is for what runs there. */
function signalled(shell: boolean): Promise<unknown> {
  if (shell) process.on("SIGINT", () => undefined);
  const signals = shell ? (["SIGTERM"] as const) : (["SIGTERM", "SIGINT"] as const);
  return Promise.race(signals.map((signal) => new Promise((resolve) => process.on(signal, resolve))));
}

/** @returns the exit code. */
async function main(): Promise<number> {
  const chosen = options();
  if (chosen === undefined) {
    console.log(help);
    return 0;
  }
  const { readyFile, requestLog, shell, pace, realTime } = chosen;
  const ended = signalled(shell);
  const simulator = await startSimulator({
    ...(requestLog === undefined ? {} : { requestLogFile: requestLog }),
    azure: { ...(pace && { pace }), forSetUp: shell },
    ...(realTime && { organization: realTimes }),
  });
  const { ready } = simulator;
  if (readyFile) await writeReadyFile(readyFile, ready);
  const where = `Azure is at ${ready.arm} and Azure DevOps at ${ready.organizationUrl}.`;
  const how = `Addresses and secrets are in ${readyFile}. Set NODE_EXTRA_CA_CERTS=${ready.caFile}; Ctrl+C ends it.`;
  console.log([where, ...(readyFile ? [how] : []), ...(pace ? [pace.description] : [])].join(" "));
  const exitCode = shell ? await Promise.race([openIn(simulator), ended.then(() => 0)]) : await ended.then(() => 0);
  await simulator.stop();
  if (readyFile) rmSync(readyFile, { force: true });
  return exitCode;
}

/** Loaded only when asked for: the simulator itself knows nothing of the Azure CLI. */
async function openIn(simulator: Simulator): Promise<number> {
  const { openShell } = await import("../scripts/sim-shell/shell.ts");
  return openShell(simulator);
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    console.error(usage);
    process.exit(1);
  },
);
