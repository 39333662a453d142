// The three configuration files of an agent (facts agent-protocol §1.3), and the key pair in them.
import { generateKeyPair, type JsonWebKey } from "node:crypto";
import { promisify } from "node:util";

/** A fresh RSA key, its fields as the agent's file has them: standard base64, left-padded to their full length. */
export interface AgentKey {
  readonly publicKey: { readonly exponent: string; readonly modulus: string };
  readonly parameters: Readonly<Record<"d" | "dp" | "dq" | "exponent" | "inverseQ" | "modulus" | "p" | "q", string>>;
}

const bits = 2048;

/**
 * Node writes a number without its leading zeros; .NET reads `d` and the modulus as 256 bytes and the others as 128, or
 * refuses the key (facts agent-protocol §1.3, padding pitfall: about one key in fifty).
 * @param field base64url, as in a JSON Web Key
 * @param length in bytes
 */
export function padded(field: string | undefined, length: number): string {
  const bytes = Buffer.from(field ?? "", "base64url");
  return Buffer.concat([Buffer.alloc(Math.max(0, length - bytes.length)), bytes]).toString("base64");
}

/** The key's fields under the names of the agent's file. */
export function agentKeyOf(jwk: JsonWebKey): AgentKey {
  const whole = bits / 8;
  const half = whole / 2;
  const exponent = padded(jwk.e, 0);
  const modulus = padded(jwk.n, whole);
  return {
    publicKey: { exponent, modulus },
    parameters: {
      d: padded(jwk.d, whole),
      dp: padded(jwk.dp, half),
      dq: padded(jwk.dq, half),
      exponent,
      inverseQ: padded(jwk.qi, half),
      modulus,
      p: padded(jwk.p, half),
      q: padded(jwk.q, half),
    },
  };
}

async function newAgentKey(): Promise<AgentKey> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: bits });
  return agentKeyOf(privateKey.export({ format: "jwk" }));
}

/** Gives out keys, each once. */
export type AgentKeys = () => Promise<AgentKey>;

/**
 * To make a key takes as long as several requests: the first ones are made while others are under way. More than a few would
 * keep all the threads busy that requests need as well.
 * @param ahead how many are made at once, before anybody asks for them
 * @param make makes one
 */
export function agentKeys(ahead: number, make: () => Promise<AgentKey> = newAgentKey): AgentKeys {
  const ready = Array.from({ length: ahead }, make);
  // Whoever takes it learns that it failed.
  for (const key of ready) key.catch(() => undefined);
  return () => ready.shift() ?? make();
}

interface AgentFileParts {
  readonly agentId: number;
  readonly agentName: string;
  readonly poolId: number;
  readonly poolName: string;
  readonly serverUrl: string;
  readonly workFolder: string;
  readonly clientId: string;
  readonly authorizationUrl: string;
  readonly key: AgentKey;
}

const json = (value: unknown) => JSON.stringify(value, undefined, 2);

/** File contents by the names they have in the container's secret volume, whose keys may not begin with a dot. */
export function agentFiles(
  parts: AgentFileParts,
): Record<"agent.json" | "credentials.json" | "rsaparams.json", string> {
  const { agentId, agentName, poolId, poolName, serverUrl, workFolder, clientId, authorizationUrl } = parts;
  return {
    "agent.json": json({ acceptTeeEula: true, agentId, agentName, poolId, poolName, serverUrl, workFolder }),
    "credentials.json": json({
      scheme: "OAuth",
      data: { clientId, authorizationUrl, oauthEndpointUrl: authorizationUrl },
    }),
    "rsaparams.json": json({ ContainerName: "", UseCng: false, ...parts.key.parameters }),
  };
}
