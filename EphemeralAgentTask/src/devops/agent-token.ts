// Gets a token exactly as the agent will (facts agent-protocol §1.5), from the files it will have.
import { createPrivateKey, randomUUID } from "node:crypto";
import { createDefaultHttpClient, createHttpHeaders, createPipelineRequest } from "@azure/core-rest-pipeline";
import { SignJWT } from "jose";
import { type RegisteredAgent, ServiceFault } from "../ports.ts";

const url64 = (field: string) => field.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

function privateKey(rsaparams: string) {
  const { d, dp, dq, exponent, inverseQ, modulus, p, q } = JSON.parse(rsaparams) as Record<string, string>;
  const fields = { d, dp, dq, e: exponent, qi: inverseQ, n: modulus, p, q };
  const jwk = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, url64(value ?? "")]));
  return createPrivateKey({ key: { kty: "RSA", ...jwk }, format: "jwk" });
}

/** @throws `ServiceFault` when the organization does not accept the agent's credential */
export async function tryAgentToken(agent: RegisteredAgent): Promise<void> {
  const { data } = JSON.parse(agent.files["credentials.json"]) as {
    data: { clientId: string; authorizationUrl: string };
  };
  const assertion = await new SignJWT({})
    .setProtectedHeader({ alg: "RS256", typ: "JWT" })
    .setIssuer(data.clientId)
    .setSubject(data.clientId)
    .setAudience(data.authorizationUrl)
    .setJti(randomUUID())
    .setNotBefore("0s")
    .setExpirationTime("5m")
    .sign(privateKey(agent.files["rsaparams.json"]));
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    client_assertion: assertion,
  });
  const request = createPipelineRequest({
    url: data.authorizationUrl,
    method: "POST",
    headers: createHttpHeaders({ "content-type": "application/x-www-form-urlencoded", accept: "application/json" }),
    body: form.toString(),
    timeout: 30_000,
  });
  const response = await createDefaultHttpClient()
    .sendRequest(request)
    .catch((error: unknown) => {
      const said = error instanceof Error ? error.message : String(error);
      throw new ServiceFault("Azure DevOps", "network", `${new URL(data.authorizationUrl).host}: ${said}`, {
        retryable: true,
      });
    });
  if (response.status === 200) return;
  const body = JSON.parse(/^\s*\{/.test(response.bodyAsText ?? "") ? (response.bodyAsText ?? "") : "{}") as Record<
    string,
    string
  >;
  const said = body.error_description ?? body.error ?? "no reason given";
  throw new ServiceFault("Azure DevOps", body.error ?? `HTTP ${response.status}`, said, {
    status: response.status,
    retryable: response.status >= 500 || response.status === 429,
  });
}
