// Verifies a client assertion that another issuer signed.
import { compactVerify, createLocalJWKSet, type JSONWebKeySet, type JWTPayload } from "jose";
import {
  federationFailed,
  noFederatedCredentials,
  noMatchingAudience,
  noMatchingIssuer,
  noMatchingSubject,
  outsideValidity,
  subjectInOtherCase,
  unknownSignature,
} from "./assertion-refusal.ts";
import { isNow } from "./certificate-assertion.ts";
import { type FederatedCredential, type ServicePrincipal, tokenExchangeAudience } from "./directory.ts";
import type { TokenRefusal } from "./token-error.ts";

/** What the audience is called in tokens that a tenant signs: the application behind its address. */
const tokenExchangeApplication = "fb60f99c-7a34-4190-8149-302f77469936";

/** How to get the keys of those whose tokens the tenant can check, by issuer: the service asks the issuer itself. */
export type TrustedIssuers = ReadonlyMap<string, () => Promise<JSONWebKeySet>>;

/**
 * Checks an assertion of somebody else against the application's federated credentials, then its signature and time.
 * Issuer, subject and audience are compared letter by letter; they must all be of one credential.
 */
export async function checkFederatedAssertion(
  assertion: string,
  claims: JWTPayload,
  principal: ServicePrincipal,
  issuers: TrustedIssuers,
): Promise<TokenRefusal | undefined> {
  const { iss = "", sub = "", aud } = claims;
  const audience = aud === tokenExchangeApplication ? tokenExchangeAudience : String(aud);
  const unmatched = match(principal, { issuer: iss, subject: sub, audience });
  if (unmatched !== undefined) return unmatched;
  const keys = issuers.get(iss);
  if (keys === undefined) return federationFailed;
  try {
    await compactVerify(assertion, createLocalJWKSet(await keys()), { algorithms: ["RS256"] });
  } catch {
    // Whatever is wrong with the signature, the service has one answer.
    return unknownSignature(principal.appId);
  }
  return isNow(claims) ? undefined : outsideValidity(claims);
}

function match(principal: ServicePrincipal, asked: FederatedCredential): TokenRefusal | undefined {
  const { federatedCredentials: all } = principal;
  if (all.length === 0) return noFederatedCredentials(principal);
  const ofIssuer = all.filter(({ issuer }) => issuer === asked.issuer);
  if (ofIssuer.length === 0) return noMatchingIssuer(asked.issuer);
  const ofSubject = ofIssuer.filter(({ subject }) => subject === asked.subject);
  if (ofSubject.length === 0) {
    const lower = asked.subject.toLowerCase();
    const inOtherCase = ofIssuer.some(({ subject }) => subject.toLowerCase() === lower);
    return inOtherCase ? subjectInOtherCase(asked.subject) : noMatchingSubject(asked.subject);
  }
  return ofSubject.some(({ audience }) => audience === asked.audience) ? undefined : noMatchingAudience(asked.audience);
}
