// The credential a container holds, used as somebody would who took it out of there.
import { createPrivateKey, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { ask } from "../../simulator/http/plain-request.ts";
import { filesBelow } from "./secret-search.ts";

function json(files: ReturnType<typeof filesBelow>, name: string): Record<string, unknown> {
  const found = files.find(({ path }) => path.endsWith(`/agent/${name}`));
  if (found === undefined) throw new Error(`The container has no ${name}.`);
  return JSON.parse(found.content.toString("utf8")) as Record<string, unknown>;
}

interface StolenCredential {
  /** Of the agent, as its `.agent` file has it. */
  readonly agentId: number;
  /** Parts of the private key as its file has them. */
  readonly keyParts: Readonly<Record<string, string>>;
  /** A token that the organization gave for the key. */
  readonly token: string;
}

/** Reads the agent's three files in a running container's root folder, and gets a token with them. */
export async function stolenFrom(simulator: Simulator, rootFolder: string): Promise<StolenCredential> {
  const files = filesBelow(rootFolder);
  const { agentId } = json(files, ".agent") as { agentId: number };
  const { data } = json(files, ".credentials") as { data: { clientId: string; authorizationUrl: string } };
  const parameters = json(files, ".credentials_rsaparams") as Record<string, string>;
  const url64 = (name: string) => Buffer.from(parameters[name] ?? "", "base64").toString("base64url");
  const names = { d: "d", dp: "dp", dq: "dq", e: "exponent", n: "modulus", p: "p", q: "q", qi: "inverseQ" };
  const jwk = Object.fromEntries(Object.entries(names).map(([field, name]) => [field, url64(name)]));
  const key = createPrivateKey({ key: { kty: "RSA", ...jwk }, format: "jwk" });
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: "RS256", typ: "JWT" })
    .setIssuer(data.clientId)
    .setSubject(data.clientId)
    .setAudience(data.authorizationUrl)
    .setJti(randomUUID())
    .setNotBefore("0s")
    .setExpirationTime("5m")
    .sign(key);
  const answer = await ask(simulator.caFile, data.authorizationUrl, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: assertion,
    }).toString(),
  });
  const { access_token: token } = answer.json() as { access_token: string };
  const secret = ["d", "dp", "dq", "p", "q", "inverseQ"];
  return { agentId, token, keyParts: Object.fromEntries(secret.map((name) => [name, parameters[name] ?? ""])) };
}
