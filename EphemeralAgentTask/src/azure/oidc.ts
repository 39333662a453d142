import { ServiceFault } from "../ports.ts";
import { retryAfter } from "../retry-after.ts";
import type { OidcSource } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { send } from "./http.ts";

/**
 * An OIDC token of this job for a service connection (facts aci-azure-sdk §4.3).
 * @throws `ServiceFault`
 */
export async function oidcToken(source: OidcSource, connectionId: string, transport: Transport): Promise<string> {
  const { requestUri, jobToken } = source;
  const url = new URL(requestUri);
  url.searchParams.set("api-version", "7.1");
  url.searchParams.set("serviceConnectionId", connectionId);
  const answer = await send(
    {
      url: url.href,
      method: "POST",
      headers: {
        authorization: `Bearer ${jobToken}`,
        "content-type": "application/json",
        "x-tfs-fedauthredirect": "Suppress",
      },
    },
    transport,
  ).catch((error: unknown) => {
    throw new ServiceFault("Azure DevOps", "network", error instanceof Error ? error.message : String(error), {
      retryable: true,
    });
  });
  const body = answer.json();
  if (answer.status === 200 && typeof body.oidcToken === "string") return transport.mask(body.oidcToken);
  const said = typeof body.message === "string" ? body.message : "no OIDC token came for the service connection.";
  throw new ServiceFault(
    "Azure DevOps",
    typeof body.typeKey === "string" ? body.typeKey : `HTTP ${answer.status}`,
    said,
    {
      status: answer.status,
      retryable: answer.status >= 500 || answer.status === 429,
      ...retryAfter(answer.headers["retry-after"]),
    },
  );
}
