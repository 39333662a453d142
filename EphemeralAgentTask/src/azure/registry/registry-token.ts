// Exchanges a token of Microsoft Entra ID for one of the registry (facts aci-azure-sdk §2.4 and §4.6).

import { expect, read, refusals, shapes } from "../../http/answer-validation.ts";
import { exchange } from "../../http/send-request.ts";
import type { Transport } from "../../http/transport.ts";
import type { RegistryAccess } from "../../ports/connections.ts";
import { type RegistryCredential, ServiceFault } from "../../ports.ts";
import { credentialOf } from "../sign-in/credential.ts";

/** Registries may have tokens for Azure Resource Manager switched off and then take their own audience only. */
const ownAudience = "https://containerregistry.azure.net";

/** The user that goes with an exchanged token. */
const tokenUser = "00000000-0000-0000-0000-000000000000";

type Exchange = Extract<RegistryAccess, { kind: "exchange" }>;

/** What a registry refuses goes by one name here: it is about its rights, whatever the registry calls it. */
function refusedBy(server: string, audience: string, error: unknown): unknown {
  if (!(error instanceof ServiceFault) || error.kind !== "refusal" || error.details.retryable) return error;
  const said = `${server} answered ${error.details.status} to the exchange of a token for ${audience}: ${error.message}`;
  return new ServiceFault("Azure", "RegistryRefused", said, error.details);
}

async function exchanged(
  { server, tenantId, as }: Exchange,
  audience: string,
  transport: Transport,
  signal: AbortSignal | undefined,
): Promise<string> {
  const token = await credentialOf(as, transport).token(audience, signal);
  const asked = { service: "Azure", url: `https://${server}/oauth2/exchange`, method: "POST", changes: false } as const;
  const form = {
    grant_type: "access_token",
    service: server,
    ...(tenantId ? { tenant: tenantId } : {}),
    access_token: token,
  };
  const headers = { accept: "application/json", "content-type": "application/x-www-form-urlencoded" };
  const request = { ...asked, headers, body: new URLSearchParams(form).toString(), ...(signal ? { signal } : {}) };
  try {
    const answer = await exchange(request, transport);
    const json = read(asked, answer, refusals.registry);
    return transport.mask(expect(asked, answer.status, json, "a refresh token", hasToken).refresh_token);
  } catch (error) {
    throw refusedBy(server, audience, error);
  }
}

const hasToken = (json: unknown): json is { readonly refresh_token: string } =>
  shapes.record(json) && typeof json.refresh_token === "string";

/** @throws `ServiceFault` */
export async function pullCredential(
  access: RegistryAccess,
  transport: Transport,
  signal?: AbortSignal,
): Promise<RegistryCredential> {
  switch (access.kind) {
    case "password":
      return { server: access.server, username: access.username, password: access.password };
    case "identity":
      return { server: access.server, identityId: access.identityId };
    case "exchange": {
      const { server } = access;
      try {
        return { server, username: tokenUser, password: await exchanged(access, ownAudience, transport, signal) };
      } catch (error) {
        if (error instanceof ServiceFault && error.details.retryable) throw error;
        const password = await exchanged(access, access.as.audience, transport, signal);
        return { server, username: tokenUser, password };
      }
    }
  }
}
