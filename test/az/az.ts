// The Azure CLI, signed in to a simulator.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { azureCliEnvironment, signIn } from "../../scripts/sim-shell/azure-cli.ts";
import type { Simulator } from "../../simulator/start-simulator.ts";

const run = promisify(execFile);

/** The stock Azure CLI, signed in to one simulator as the owner of its subscription. */
export interface Az {
  /** Runs `az` and reads what it prints as JSON; `undefined` when it prints nothing. @throws when it fails. */
  json(...words: string[]): Promise<unknown>;
  /** Runs `az` and returns what it prints. */
  text(...words: string[]): Promise<string>;
  /** Runs a script that calls `az`, and returns what it prints. */
  script(path: string, environment?: Readonly<Record<string, string>>): Promise<string>;
  close(): void;
}

export async function openAz(simulator: Simulator): Promise<Az> {
  const folder = mkdtempSync(join(tmpdir(), "az-test-"));
  const environment = {
    ...azureCliEnvironment(simulator.ready, folder),
    SERVICE_PRINCIPAL_OBJECT_ID: simulator.ready.clientObjectId,
  };
  await signIn(simulator.ready, environment);
  const env = { ...process.env, ...environment };
  const text = async (...words: string[]) => (await run("az", [...words, "--only-show-errors"], { env })).stdout;
  return {
    text,
    async json(...words) {
      const printed = await text(...words, "--output", "json");
      return printed.trim() === "" ? undefined : JSON.parse(printed);
    },
    script: async (path, more = {}) => (await run("bash", [path], { env: { ...env, ...more } })).stdout,
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
