// Gets the job's OIDC token for workload identity federation.

import { refusals } from "../../http/answer-validation.ts";
import { foreign } from "../../http/connection-errors.ts";
import { ask } from "../../http/json-request.ts";
import type { Transport } from "../../http/transport.ts";
import type { OidcSource } from "../../ports/connections.ts";

/**
 * An OIDC token of this job for a service connection (facts aci-azure-sdk §4.3).
 * @throws `ServiceFault`
 */
export async function oidcToken(
  { requestUri, jobToken }: OidcSource,
  connectionId: string,
  transport: Transport,
  signal?: AbortSignal,
): Promise<string> {
  const url = new URL(requestUri);
  url.searchParams.set("api-version", "7.1");
  url.searchParams.set("serviceConnectionId", connectionId);
  const asked = { service: "Azure DevOps", url: url.href, method: "POST", changes: false } as const;
  const headers = {
    authorization: `Bearer ${jobToken}`,
    "content-type": "application/json",
    "x-tfs-fedauthredirect": "Suppress",
  };
  const asking = { ...asked, headers, ...(signal ? { signal } : {}) };
  const { status, body } = await ask(asking, refusals.devOps, transport);
  if (typeof body.oidcToken === "string") return transport.mask(body.oidcToken);
  throw foreign(asked, status, "JSON without an OIDC token");
}
