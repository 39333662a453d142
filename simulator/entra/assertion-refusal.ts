// How the token endpoint words what is wrong with a client assertion. Numbers and texts are those that users of the
// service report (Azure/login #180, #372, #515; azure-workload-identity #1200; microsoft-authentication-library-for-js
// #8339); those marked "not seen" follow their naming.
import type { X509Certificate } from "node:crypto";
import type { JWTPayload } from "jose";
import type { ServicePrincipal } from "./directory.ts";
import type { TokenRefusal } from "./token-error.ts";

const certificateHelp = "https://learn.microsoft.com/entra/identity-platform/certificate-credentials";
const federationHelp = "https://learn.microsoft.com/entra/workload-id/workload-identity-federation";

const refused = (number: number, message: string): TokenRefusal => ({
  status: 401,
  error: "invalid_client",
  number,
  message,
});

export const noAssertionType: TokenRefusal = {
  status: 400,
  error: "invalid_request",
  number: 900144,
  message: "The request body must contain the following parameter: 'client_assertion_type'.",
};

export const notAJwt = refused(50027, "JWT token is invalid or malformed.");

export const otherApplication = refused(
  700021,
  `Client assertion application identifier doesn't match 'client_id' parameter. Review the documentation at ${certificateHelp} .`,
);

export const wrongRealm = refused(
  700023,
  `Client assertion audience claim does not match Realm issuer. Review the documentation at ${certificateHelp} .`,
);

export function outsideValidity({ nbf = 0, exp = 0 }: JWTPayload): TokenRefusal {
  const time = (seconds: number): string => new Date(seconds * 1000).toISOString().replace("Z", "0000Z");
  return refused(
    700024,
    `Client assertion is not within its valid time range. Current time: ${time(Date.now() / 1000)}, assertion valid from ${time(nbf)}, expiry time of assertion ${time(exp)}. Review the documentation at ${certificateHelp} .`,
  );
}

const certificateProblems = {
  "not registered": [
    "The certificate with identifier used to sign the client assertion is not registered on application.",
    "The key was not found.",
  ],
  expired: [
    "The certificate with identifier used to sign the client assertion is expired on application.",
    "The key used is expired.",
  ],
  "wrong signature": [
    "Client assertion failed signature validation.",
    "The provided signature value did not match the expected signature value.",
  ],
} as const;

/** @param thumbprint as the assertion's header names it, in hexadecimal. */
export function certificateRefusal(
  appId: string,
  problem: keyof typeof certificateProblems,
  thumbprint?: string,
  found?: X509Certificate,
): TokenRefusal {
  const [what, reason] = certificateProblems[problem];
  const key = thumbprint === undefined ? "" : ` Thumbprint of key used by client: '${thumbprint}',`;
  const validity = found === undefined ? "" : ` Found key 'Start=${us(found.validFrom)}, End=${us(found.validTo)}',`;
  return refused(
    700027,
    `${what} [Reason - ${reason},${key}${validity} Please visit the Azure Portal, Graph Explorer or directly use MS Graph to see configured keys for app Id '${appId}'.]`,
  );
}

export const noFederatedCredentials = ({ appId, displayName }: ServicePrincipal): TokenRefusal =>
  refused(70025, `The client '${appId}'(${displayName}) has no configured federated identity credentials.`);

const unmatched = (number: number, what: string, value: string, more = ""): TokenRefusal =>
  refused(
    number,
    `No matching federated identity record found for presented assertion ${what} '${value}'.${more} Check your federated identity credential Subject, Audience and Issuer against the presented assertion. ${federationHelp}`,
  );

export const noMatchingIssuer = (issuer: string): TokenRefusal => unmatched(700211, "issuer", issuer);
export const noMatchingAudience = (audience: string): TokenRefusal => unmatched(700212, "audience", audience);
export const noMatchingSubject = (subject: string): TokenRefusal => unmatched(700213, "subject", subject);
export const subjectInOtherCase = (subject: string): TokenRefusal =>
  unmatched(
    7002138,
    "subject",
    subject,
    " The subject matches with case-insensitive comparison, but not with case-sensitive comparison.",
  );

/** An issuer that does not publish its keys. Users see it come and go (azure-pipelines-tasks #19831). */
export const federationFailed: TokenRefusal = {
  status: 400,
  error: "invalid_request",
  number: 50166,
  message: "Request to External OIDC endpoint failed.",
};

/** Not seen: the same number as for a certificate that is not known. */
export const unknownSignature = (appId: string): TokenRefusal => certificateRefusal(appId, "wrong signature");

function us(time: string): string {
  const [date = "", clock = ""] = new Date(time).toISOString().slice(0, 19).split("T");
  const [year, month, day] = date.split("-");
  return `${month}/${day}/${year} ${clock}`;
}
