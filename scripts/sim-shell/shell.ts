// `npm run sim -- --shell`: a shell beside a simulator, in which `az` is signed in to it already.
import { spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { ReadyFile } from "../../simulator/ready-file.ts";
import type { Simulator } from "../../simulator/start-simulator.ts";
import { azureCliEnvironment, installCommands, signIn } from "./azure-cli.ts";
import { servePipelineCommand } from "./pipeline-command.ts";

/** Opens a shell and waits until it ends. @returns its exit code. */
export async function openShell(simulator: Simulator): Promise<number> {
  const configFolder = await mkdtemp(join(tmpdir(), "simulator-az-"));
  const command = await servePipelineCommand(simulator, configFolder);
  try {
    const { ready } = simulator;
    // As step 6 of the set-up guide leaves the pool.
    simulator.organization.setAutoUpdate(ready.pool, false);
    const environment = azureCliEnvironment(ready, configFolder);
    await connect(ready, environment);
    console.log("pipeline run FILE runs a pipeline file against what is set up here; 'npm run build' comes first.");
    return await shell({ ...environment, PATH: `${command.bin}${delimiter}${environment.PATH ?? ""}` });
  } finally {
    command.close();
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
      "docs/set-up-guide.md says which of its steps to skip here; the others work as they are written.",
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
