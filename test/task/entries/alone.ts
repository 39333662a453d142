// An entry of the built task as a bare process: for what an agent cannot be made to do to it.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { builtTask } from "../harness/in-simulator.ts";

interface Ended {
  readonly exitCode: number | null;
  /** Everything on stdout and stderr that was read. */
  readonly output: string;
}

export type Entry = "index" | "postjob";

/** What an agent always gives, and inputs that are wrong: a step that fails at once, without a request. */
const bare: Readonly<Record<string, string>> = {
  INPUT_ACTION: "run",
  SYSTEM_COLLECTIONURI: "https://localhost:1/contoso/",
  VSTS_TASKVARIABLE_EPHEMERAL_AGENT_LEDGER: JSON.stringify({ version: 1, open: ["eph-1-abcdef"] }),
};

/**
 * Starts an entry with nothing in its environment but this.
 * @param environment a value of undefined takes a variable away
 */
export function start(entry: Entry, environment: Readonly<Record<string, string | undefined>> = {}): ChildProcess {
  const given = { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", ...bare, ...environment };
  const env = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  return spawn(process.execPath, [join(builtTask, `${entry}.js`)], { env, stdio: ["ignore", "pipe", "pipe"] });
}

/** Reads it to its end. */
export async function ended(child: ChildProcess): Promise<Ended> {
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream?.resume();
  }
  const exitCode = await new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)));
  return { exitCode, output: Buffer.concat(chunks).toString("utf8") };
}
