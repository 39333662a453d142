// `npm run sim -- --shell`: a shell beside a simulator, in which `az` is signed in to it already.
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReadyFile } from "../../simulator/ready-file.ts";
import { azureCliEnvironment, installCommands, signIn } from "./azure-cli.ts";

/** Opens a shell and waits until it ends. @returns its exit code. */
export async function openShell(ready: ReadyFile): Promise<number> {
  const configFolder = await mkdtemp(join(tmpdir(), "simulator-az-"));
  try {
    const environment = azureCliEnvironment(ready, configFolder);
    await connect(ready, environment);
    return await shell(environment);
  } finally {
    await rm(configFolder, { recursive: true, force: true });
  }
}

async function connect(ready: ReadyFile, environment: Readonly<Record<string, string>>): Promise<void> {
  const { error } = spawnSync("az", ["version"], { env: { ...process.env, ...environment }, stdio: "ignore" });
  if (error !== undefined) {
    const commands = installCommands.map((words) => `  ${words.join(" ")}`).join("\n");
    console.log(`The Azure CLI is not here, so az does not work in this shell. This installs it:\n${commands}`);
    return;
  }
  await signIn(ready, environment);
  console.log(
    [
      "az is signed in as the owner of the simulated subscription. To try:",
      "  az group list --output table",
      "  samples/setup/set-up.sh --dry-run",
      "exit ends the shell and the simulator.",
    ].join("\n"),
  );
}

function shell(environment: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(process.env.SHELL ?? "bash", [], {
    env: { ...process.env, ...environment },
    stdio: "inherit",
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code ?? 1));
  });
}
