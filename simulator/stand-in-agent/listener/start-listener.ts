// Starts the listener process and ends it on a signal.
import type { KeyObject } from "node:crypto";
import { agentTokens } from "../client/access-token.ts";
import { messageOf, Server } from "../client/organization-client.ts";
import { diagFolder, type Install, isConfigured, thisInstall } from "../configuration/agent-files.ts";
import { loadCredentials, loadSettings } from "../configuration/agent-settings.ts";
import { configure, unconfigure } from "../configuration/config-command.ts";
import { InvalidKey, loadKey } from "../configuration/rsa-key.ts";
import { openTrace, type Trace } from "../diagnostic-log.ts";
import { behaviourOf, hang } from "../injected-faults.ts";
import { exitCode, listen } from "./listener.ts";

const known = ["run", "--once", "--startuptype", "manual", "service"];

/** The listener process. @returns its exit code. */
export async function start(
  commandLine: readonly string[],
  environment: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  const install = thisInstall(environment);
  if (commandLine.includes("--version")) {
    say(install.version);
    return exitCode.success;
  }
  if (commandLine[0] === "configure") return configuring(() => configure(install, commandLine, environment), "added");
  if (commandLine[0] === "remove") return configuring(() => unconfigure(install, commandLine, environment), "removed");
  for (const argument of commandLine) {
    // The real agent complains too and goes on (facts agent-protocol §2.2).
    if (!known.includes(argument)) say(`Unrecognized command-line input argument: '${argument}'.`);
  }
  if (!isConfigured(install)) {
    say("Agent is not configured.");
    return exitCode.terminatedError;
  }
  const trace = openTrace(diagFolder(install, "AGENT", environment), "Agent");
  try {
    return await run(install, commandLine.includes("--once"), environment, trace);
  } catch (error) {
    say(`An error occurred: ${messageOf(error)}`);
    trace(`An error occurred: ${messageOf(error)}`);
    return error instanceof InvalidKey ? exitCode.terminatedError : exitCode.retryableError;
  }
}

async function configuring(work: () => Promise<void>, done: string): Promise<number> {
  try {
    await work();
    say(`Successfully ${done} the agent`);
    return exitCode.success;
  } catch (error) {
    say(messageOf(error));
    return exitCode.terminatedError;
  }
}

async function run(install: Install, once: boolean, environment: NodeJS.ProcessEnv, trace: Trace): Promise<number> {
  const behaviour = behaviourOf(environment);
  if (behaviour === "crash-before-online") {
    say("Segmentation fault");
    process.kill(process.pid, "SIGKILL");
  }
  if (behaviour === "never-online") return hang();
  const shutdown = new AbortController();
  const end = (): void => {
    say("Exiting...");
    shutdown.abort();
  };
  process.once("SIGINT", end);
  process.once("SIGTERM", end);
  const settings = loadSettings(install);
  const credentials = loadCredentials(install);
  const key = (): KeyObject => loadKey(install);
  // A key that .NET would not import ends it at once.
  key();
  const server = new Server(settings.serverUrl, { scheme: "Bearer", token: agentTokens(credentials, key) });
  const connection = { server, install, settings, trace, key, say };
  const code = await listen(connection, { once, behaviour, environment, shutdown: shutdown.signal });
  trace(`The listener ends with ${code}.`);
  // A known fault of real listeners: the session is deleted and the process stays (facts agent-protocol §2.4).
  return behaviour === "never-exit" && !shutdown.signal.aborted ? hang() : code;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
