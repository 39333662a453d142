// Verifies a client assertion that a certificate signed.
import type { X509Certificate } from "node:crypto";
import { compactVerify, decodeProtectedHeader, type JWTPayload } from "jose";
import { certificateRefusal, otherApplication, outsideValidity, wrongRealm } from "./assertion-refusal.ts";
import type { ServicePrincipal } from "./directory.ts";
import type { TokenRefusal } from "./token-error.ts";

/** How far a client's clock may be off; the service allows five minutes. */
const skewSeconds = 5 * 60;

/** Checks an assertion that a certificate signed: RS256 or PS256, the certificate named by `x5t` or `x5t#S256`. */
export async function checkCertificateAssertion(
  assertion: string,
  claims: JWTPayload,
  { appId, certificates }: ServicePrincipal,
  audiences: readonly string[],
): Promise<TokenRefusal | undefined> {
  if (claims.sub?.toLowerCase() !== appId) return otherApplication;
  const named = thumbprint(assertion);
  const certificate = certificates.find((each) => named !== undefined && has(each, named));
  if (certificate === undefined) return certificateRefusal(appId, "not registered", named?.hex);
  if (Date.parse(certificate.validTo) <= Date.now() || Date.parse(certificate.validFrom) > Date.now()) {
    return certificateRefusal(appId, "expired", named?.hex, certificate);
  }
  try {
    await compactVerify(assertion, certificate.publicKey, { algorithms: ["RS256", "PS256"] });
  } catch {
    // Whatever is wrong with the signature, the service has one answer.
    return certificateRefusal(appId, "wrong signature", named?.hex);
  }
  if (!isNow(claims)) return outsideValidity(claims);
  return audiences.includes(String(claims.aud)) ? undefined : wrongRealm;
}

/** Whether the claims hold now. An assertion without an end has none that the service takes. */
export function isNow({ nbf = 0, exp = 0 }: JWTPayload): boolean {
  const now = Date.now() / 1000;
  return nbf - skewSeconds <= now && now < exp + skewSeconds;
}

interface Thumbprint {
  readonly of: "fingerprint" | "fingerprint256";
  /** Hexadecimal, as portal and errors show it. */
  readonly hex: string;
}

function thumbprint(assertion: string): Thumbprint | undefined {
  const header: Readonly<Record<string, unknown>> = { ...decodeProtectedHeader(assertion) };
  const [of, named] =
    "x5t#S256" in header ? (["fingerprint256", header["x5t#S256"]] as const) : (["fingerprint", header.x5t] as const);
  if (typeof named !== "string") return undefined;
  return { of, hex: Buffer.from(named, "base64url").toString("hex").toUpperCase() };
}

const has = (certificate: X509Certificate, { of, hex }: Thumbprint): boolean =>
  certificate[of].replaceAll(":", "") === hex;
