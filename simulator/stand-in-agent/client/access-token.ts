// Gets access tokens for the agent with its own key.
import { type KeyObject, randomUUID } from "node:crypto";
import { SignJWT } from "jose";
import type { AgentCredentials } from "../configuration/agent-settings.ts";
import { ServerError, type TokenSource } from "./organization-client.ts";

/** The agent's own tokens, got with its key, which is read from its file each time, and kept until a minute before they expire (facts agent-protocol §1.5). */
export function agentTokens(credentials: AgentCredentials, key: () => KeyObject): TokenSource {
  let current: { readonly token: string; readonly until: number } | undefined;
  return async (renew) => {
    if (current === undefined || renew || current.until <= Date.now()) current = await request(credentials, key());
    return current.token;
  };
}

async function request(credentials: AgentCredentials, key: KeyObject): Promise<{ token: string; until: number }> {
  const response = await fetch(credentials.oauthEndpointUrl, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_assertion_type: "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
      client_assertion: await assertion(credentials, key),
    }),
  });
  const answer = (await response.json()) as {
    access_token?: string;
    expires_in?: number;
    error?: string;
    error_description?: string;
  };
  if (answer.access_token === undefined) {
    throw new ServerError(401, "VssOAuthTokenRequestException", `${answer.error}: ${answer.error_description}`);
  }
  return { token: answer.access_token, until: Date.now() + ((answer.expires_in ?? 0) - 60) * 1000 };
}

function assertion({ clientId, authorizationUrl }: AgentCredentials, key: KeyObject): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: "RS256", typ: "JWT" })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(authorizationUrl)
    .setJti(randomUUID())
    .setNotBefore("0s")
    .setExpirationTime("5m")
    .sign(key);
}
