// The answer to a request without a valid token: a challenge or a sign-in page.

import type { SimResponse } from "../../http/https-site.ts";
import { Refused } from "../../http/refused-request.ts";
import type { ConnectedTenant } from "./oidc-issuer.ts";

/** What the challenge names. */
interface ChallengeContext {
  /** Origin of the service, the realm of Basic. */
  readonly origin: string;
  /** The tenant that the organization is connected to, whose authority Bearer names. */
  readonly tenant: Pick<ConnectedTenant, "tokens"> | undefined;
}

/** The authority of an organization that is connected to no tenant. */
const noTenant = "https://login.microsoftonline.com/00000000-0000-0000-0000-000000000000";

/**
 * The answer to a request whose credentials are missing or wrong. It offers Bearer beside Basic: the agent's OAuth client
 * asks for a token only then (facts agent-protocol §12). A wrong password, as a personal access token is one, gets no body;
 * everybody else is told TF400813. Both were recorded (recordings, devops).
 */
export function challenge({ origin, tenant }: ChallengeContext, authorization: string | undefined): Refused {
  const authority = tenant?.tokens.issuer.replace(/\/v2\.0$/, "") ?? noTenant;
  const offered = `Bearer authorization_uri=${authority}, Basic realm="${origin}/", TFS-Federated`;
  const response: SimResponse = { status: 401, headers: { "www-authenticate": offered } };
  return new Refused(/^basic\s/i.test(authorization ?? "") ? response : { ...response, body: notAuthorized });
}

const typeKey = "UnauthorizedRequestException";
const framework = "Microsoft.TeamFoundation.Framework.Server";

const notAuthorized = {
  $id: "1",
  innerException: null,
  message: "TF400813: The user '' is not authorized to access this resource.",
  typeName: `${framework}.${typeKey}, ${framework}`,
  typeKey,
  errorCode: 0,
  eventId: 3000,
};

/** What dev.azure.com answers to a client that looks like a browser, or whose token has expired (facts §3.2). */
export const signInPage: SimResponse = {
  status: 203,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: "<!DOCTYPE html><html><head><title>Azure DevOps Services | Sign In</title></head><body></body></html>",
};
