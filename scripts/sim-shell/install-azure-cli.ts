// Makes the Python environment with the Azure CLI, unless it is there.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { azureCliFolder, azureCliVersion, hasAzureCli, installCommands } from "./azure-cli.ts";

if (!hasAzureCli()) {
  console.log(`Installing the Azure CLI ${azureCliVersion} to ${azureCliFolder} (500 MB; takes minutes) …`);
  const cwd = fileURLToPath(new URL("../..", import.meta.url));
  for (const [command = "", ...words] of installCommands) {
    const { status, error } = spawnSync(command, words, { cwd, stdio: "inherit" });
    if (error !== undefined) console.error(`${error.message}: Python 3 is needed, on Debian also python3-venv.`);
    if (status !== 0) process.exit(1);
  }
}
