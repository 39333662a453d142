// `config.sh --unattended` and `config.sh remove`: registration by whoever has a token that administers the pool, with
// the requests and in the order of facts agent-protocol §1.1.
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { hostname, type as osType, release } from "node:os";
import { join } from "node:path";
import { agentTokens } from "../client/access-token.ts";
import { isOf, Server } from "../client/organization-client.ts";
import type { RouteValues } from "../client/resource-discovery.ts";
import { parseArguments } from "../command-line.ts";
import { systemCapabilities } from "./agent-capabilities.ts";
import { type Install, isConfigured } from "./agent-files.ts";
import { loadCredentials, loadSettings } from "./agent-settings.ts";
import { loadKey, rsaParameters } from "./rsa-key.ts";

const flags = ["unattended", "replace", "accepttee", "acceptteeeula", "runasservice", "help"];
const files = [".agent", ".credentials", ".credentials_rsaparams"];

interface Listed<T> {
  readonly value: readonly T[];
}
interface Registered {
  readonly id: number;
  readonly authorization: { readonly clientId: string; readonly authorizationUrl: string };
}

/** Registers the agent and writes its three files. @throws when the service refuses, or the agent is configured. */
export async function configure(
  install: Install,
  commandLine: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  if (isConfigured(install)) {
    throw new Error("Cannot configure the agent because it is already configured. Run './config.sh remove' first.");
  }
  const given = parseArguments(commandLine, flags, environment);
  if (!given.flag("unattended")) throw new Error("This stand-in agent asks no questions: --unattended is missing.");
  const url = given.text("url");
  const server = patServer(url, given.optional("auth") ?? "PAT", given.text("token"));
  await server.connect();
  const poolName = given.optional("pool") ?? "Default";
  const query = { poolName, poolType: "automation" };
  const [pool] = ((await server.call("GET", "pools", {}, { query })) as Listed<{ readonly id: number }>).value;
  if (pool === undefined) throw new Error(`Agent pool not found: '${poolName}'`);

  const agentName = given.optional("agent") ?? hostname();
  const settings = { agentName, skipCapabilitiesScan: false };
  const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const parameters = rsaParameters(keys.privateKey);
  writeConfiguration(install, ".credentials_rsaparams", { ContainerName: "", UseCng: false, ...parameters });
  const record = {
    name: agentName,
    version: install.version,
    osDescription: `${osType()} ${release()}`,
    maxParallelism: 1,
    provisioningState: "Provisioned",
    authorization: { publicKey: { exponent: parameters.exponent, modulus: parameters.modulus } },
    systemCapabilities: systemCapabilities(install, settings, environment),
  };
  const [known] = await agentsNamed(server, pool.id, agentName);
  if (known !== undefined && !given.flag("replace")) {
    throw new Error(`Pool ${pool.id} already contains an agent with name ${agentName}.`);
  }
  const registered = (await (known === undefined
    ? server.call("POST", "agents", { poolId: pool.id }, { body: record })
    : server.call(
        "PUT",
        "agents",
        { poolId: pool.id, agentId: known.id },
        { body: { ...record, id: known.id } },
      ))) as Registered;

  const { clientId, authorizationUrl } = registered.authorization;
  const data = { clientId, authorizationUrl, oauthEndpointUrl: authorizationUrl };
  writeConfiguration(install, ".credentials", { scheme: "OAuth", data });
  const own = new Server(url, { scheme: "Bearer", token: agentTokens(data, () => loadKey(install)) });
  await own.connect();
  writeConfiguration(install, ".agent", {
    acceptTeeEula: given.flag("acceptteeeula"),
    agentId: registered.id,
    agentName,
    poolId: pool.id,
    poolName,
    serverUrl: url,
    workFolder: given.optional("work") ?? "_work",
  });
}

/** Deletes the agent's record, then its files. @throws when the service refuses: the files stay then. */
export async function unconfigure(
  install: Install,
  commandLine: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  if (isConfigured(install)) {
    const given = parseArguments(commandLine, flags, environment);
    const { serverUrl, poolId, agentName } = loadSettings(install);
    loadCredentials(install);
    const server = patServer(serverUrl, given.optional("auth") ?? "PAT", given.text("token"));
    const [known] = await agentsNamed(server, poolId, agentName);
    if (known !== undefined) await deleteRecord(server, { poolId, agentId: known.id });
  }
  for (const name of files) rmSync(join(install.root, name), { force: true });
}

async function deleteRecord(server: Server, record: RouteValues): Promise<void> {
  try {
    await server.call("DELETE", "agents", record);
  } catch (error) {
    if (!isOf(error, ["TaskAgentNotFoundException"])) throw error;
  }
}

async function agentsNamed(server: Server, poolId: number, agentName: string): Promise<Listed<Registered>["value"]> {
  const query = { agentName, includeCapabilities: "false" };
  return ((await server.call("GET", "agents", { poolId }, { query })) as Listed<Registered>).value;
}

/** A personal access token, or a job's token in its place, travels as a password. */
function patServer(url: string, auth: string, token: string): Server {
  if (auth.toLowerCase() !== "pat") throw new Error(`This stand-in agent knows no --auth ${auth}.`);
  const password = Buffer.from(`VstsAgent:${token}`).toString("base64");
  return new Server(url, { scheme: "Basic", token: () => Promise.resolve(password) });
}

/** With a byte order mark and indented, as the agent writes them (facts agent-protocol §1.3). */
function writeConfiguration({ root }: Install, name: string, content: object): void {
  const path = join(root, name);
  writeFileSync(path, `\uFEFF${JSON.stringify(content, undefined, 2)}`, { mode: 0o600 });
  chmodSync(path, 0o600);
}
