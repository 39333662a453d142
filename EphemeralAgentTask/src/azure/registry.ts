// A registry's own credential for one of Entra's (facts aci-azure-sdk §2.4 and §4.6).
import { type RegistryCredential, ServiceFault } from "../ports.ts";
import { retryAfter } from "../retry-after.ts";
import type { RegistryAccess } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { credentialOf } from "./credential.ts";
import { send } from "./http.ts";

/** Registries may have tokens for Azure Resource Manager switched off and then take their own audience only. */
const ownAudience = "https://containerregistry.azure.net";

/** The user that goes with an exchanged token. */
const tokenUser = "00000000-0000-0000-0000-000000000000";

type Exchange = Extract<RegistryAccess, { kind: "exchange" }>;

async function exchange({ server, tenantId, as }: Exchange, audience: string, transport: Transport): Promise<string> {
  const token = await credentialOf(as, transport).getToken(`${audience.replace(/\/+$/, "")}/.default`);
  if (token === null) throw new ServiceFault("Microsoft Entra ID", "no token", `no token came for ${audience}.`);
  const answer = await send(
    {
      url: `https://${server}/oauth2/exchange`,
      method: "POST",
      form: {
        grant_type: "access_token",
        service: server,
        ...(tenantId ? { tenant: tenantId } : {}),
        access_token: token.token,
      },
    },
    transport,
  ).catch((error: unknown) => {
    const said = `${server} does not answer: ${error instanceof Error ? error.message : String(error)}`;
    throw new ServiceFault("Azure", "RegistryUnreachable", said, { retryable: true });
  });
  const refresh = answer.json().refresh_token;
  if (answer.status === 200 && typeof refresh === "string") return transport.mask(refresh);
  throw new ServiceFault(
    "Azure",
    "RegistryRefused",
    `${server} answered ${answer.status} to the exchange of a token for ${audience}: ${answer.text.slice(0, 300)}`,
    {
      status: answer.status,
      retryable: answer.status >= 500 || answer.status === 429,
      ...retryAfter(answer.headers["retry-after"]),
    },
  );
}

/** @throws `ServiceFault` */
export async function pullCredential(access: RegistryAccess, transport: Transport): Promise<RegistryCredential> {
  switch (access.kind) {
    case "password":
      return { server: access.server, username: access.username, password: access.password };
    case "identity":
      return { server: access.server, identityId: access.identityId };
    case "exchange":
      try {
        return { server: access.server, username: tokenUser, password: await exchange(access, ownAudience, transport) };
      } catch (error) {
        if (error instanceof ServiceFault && error.details.retryable) throw error;
        return {
          server: access.server,
          username: tokenUser,
          password: await exchange(access, access.as.audience, transport),
        };
      }
  }
}
