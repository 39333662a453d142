// Verifies a client assertion, by a certificate or by a federated token.
import { decodeJwt, type JWTPayload } from "jose";
import { noAssertionType, notAJwt } from "./assertion-refusal.ts";
import { checkCertificateAssertion } from "./certificate-assertion.ts";
import type { ClientProof } from "./client-proof.ts";
import { checkFederatedAssertion, type TrustedIssuers } from "./federated-assertion.ts";

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/**
 * A client assertion: signed by a certificate of the application when it says that it comes from the application itself,
 * else by somebody whose word counts for it.
 * @param audiences who a certificate's assertion may be meant for: the token endpoint, in its forms.
 */
export function clientAssertion(audiences: readonly string[], issuers: TrustedIssuers): ClientProof {
  return {
    parameter: "client_assertion",
    async check(assertion, form, principal) {
      if (form.get("client_assertion_type") !== assertionType) return noAssertionType;
      const claims = read(assertion);
      if (claims === undefined) return notAJwt;
      return claims.iss?.toLowerCase() === principal.appId
        ? checkCertificateAssertion(assertion, claims, principal, audiences)
        : checkFederatedAssertion(assertion, claims, principal, issuers);
    },
  };
}

function read(assertion: string): JWTPayload | undefined {
  try {
    return decodeJwt(assertion);
  } catch {
    // Not a JWT: nobody's claims.
    return undefined;
  }
}
