// The Azure CLI, signed in to a simulator, with a configuration of its own: nobody's other sign-ins are touched.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { setUpNames } from "../../simulator/initial-resources.ts";
import type { ReadyFile } from "../../simulator/ready-file.ts";

const run = promisify(execFile);

/** The release that is tested. */
export const azureCliVersion = "2.91.0";

/** Where a Python environment with the CLI is looked for. */
export const azureCliFolder = fileURLToPath(new URL("../../.tools/az", import.meta.url));

/** What makes that environment, one command each. */
export const installCommands: readonly (readonly string[])[] = [
  ["python3", "-m", "venv", ".tools/az"],
  [".tools/az/bin/pip", "install", "--quiet", `azure-cli==${azureCliVersion}`],
];

/** Whether the environment is there and complete. */
export function hasAzureCli(): boolean {
  return existsSync(join(azureCliFolder, "bin/az"));
}

/**
 * What the CLI, and the scripts that call it, find in their environment.
 * @param configFolder keeps the sign-in; belongs to one simulator.
 */
export function azureCliEnvironment(ready: ReadyFile, configFolder: string): Record<string, string> {
  const { PATH = "" } = process.env;
  return {
    PATH: hasAzureCli() ? `${join(azureCliFolder, "bin")}${delimiter}${PATH}` : PATH,
    AZURE_CONFIG_DIR: configFolder,
    AZURE_CORE_COLLECT_TELEMETRY: "no",
    REQUESTS_CA_BUNDLE: ready.caFile,
    CURL_CA_BUNDLE: ready.caFile,
    NODE_EXTRA_CA_CERTS: ready.caFile,
    AZURE_DEVOPS_EXT_PAT: ready.pat,
    // Of the service connection, as the set-up guide asks for it.
    APPLICATION_ID: ready.clientId,
    // Of the set-up scripts: the simulator knows what to put behind these names.
    REGISTRY: setUpNames.registry,
    STORAGE_ACCOUNT: setUpNames.storageAccount,
  };
}

/**
 * Registers the simulator as a cloud and signs in as the owner of the subscription, by the ADFS route: the only one on
 * which the CLI asks nobody but the simulator.
 * @throws when a command fails; its message is in the error.
 */
export async function signIn(ready: ReadyFile, environment: Readonly<Record<string, string>>): Promise<void> {
  const az = (...words: string[]) => run("az", words, { env: { ...process.env, ...environment } });
  const { arm, authority, administratorClientId, administratorClientSecret } = ready;
  await az(
    ...["cloud", "register", "--name", "simulator", "--endpoint-resource-manager", arm, "--endpoint-management", arm],
    ...["--endpoint-active-directory", `${authority}/adfs`, "--endpoint-active-directory-resource-id", arm],
    ...["--endpoint-active-directory-graph-resource-id", authority],
    ...["--endpoint-microsoft-graph-resource-id", authority],
    ...["--suffix-storage-endpoint", "core.windows.net", "--suffix-acr-login-server-endpoint", ".azurecr.io"],
  );
  await az("cloud", "set", "--name", "simulator");
  await az(
    ...["login", "--service-principal", "--tenant", "adfs"],
    ...["--username", administratorClientId, "--password", administratorClientSecret],
  );
}
