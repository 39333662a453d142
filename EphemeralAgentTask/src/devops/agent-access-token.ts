// Gets an access token as the agent will (facts agent-protocol §1.5), from the files that it will have.
import { createPrivateKey, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import { refusals } from "../http/answer-validation.ts";
import { foreign } from "../http/connection-errors.ts";
import { ask } from "../http/json-request.ts";
import type { Transport } from "../http/transport.ts";
import type { RegisteredAgent } from "../ports.ts";

const url64 = (field: string) => field.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

function privateKey(rsaparams: string) {
  const { d, dp, dq, exponent, inverseQ, modulus, p, q } = JSON.parse(rsaparams) as Record<string, string>;
  const fields = { d, dp, dq, e: exponent, qi: inverseQ, n: modulus, p, q };
  const jwk = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, url64(value ?? "")]));
  return createPrivateKey({ key: { kty: "RSA", ...jwk }, format: "jwk" });
}

/** @throws `ServiceFault` when the organization does not accept the agent's credential */
export async function tryAgentToken(agent: RegisteredAgent, transport: Transport, signal?: AbortSignal): Promise<void> {
  const { data } = JSON.parse(agent.files["credentials.json"]) as {
    data: { clientId: string; authorizationUrl: string };
  };
  const now = transport.time.now();
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: "RS256", typ: "JWT" })
    .setIssuer(data.clientId)
    .setSubject(data.clientId)
    .setAudience(data.authorizationUrl)
    .setJti(randomUUID())
    .setNotBefore(new Date(now))
    .setExpirationTime(new Date(now + 5 * 60_000))
    .sign(privateKey(agent.files["rsaparams.json"]));
  const form = {
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: transport.mask(assertion),
  };
  const asked = { service: "Azure DevOps", url: data.authorizationUrl, method: "POST", changes: false } as const;
  const { status, body } = await ask({ ...asked, form, ...(signal ? { signal } : {}) }, refusals.oauth, transport);
  if (typeof body.access_token !== "string") throw foreign(asked, status, "JSON without a token");
  transport.mask(body.access_token);
}
