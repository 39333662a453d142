// How a client proves which application it is.
import { createHash, timingSafeEqual } from "node:crypto";
import type { ServicePrincipal } from "./directory.ts";
import { expiredSecret, type TokenRefusal, wrongSecret } from "./token-error.ts";

/** One way for a client to prove that it is the application it says it is. */
export interface ClientProof {
  /** The form field that carries it. */
  readonly parameter: string;
  /** Returns why the proof does not hold, or nothing when it does. */
  check(value: string, form: URLSearchParams, principal: ServicePrincipal): Promise<TokenRefusal | undefined>;
}

export const clientSecret: ClientProof = {
  parameter: "client_secret",
  check: async (value, _form, principal) => secretRefusal(value, principal),
};

/** Why the secret is not taken, or nothing when it is the principal's. */
export function secretRefusal(value: string, { appId, secrets }: ServicePrincipal): TokenRefusal | undefined {
  const secret = secrets.find((each) => same(each.value, value));
  if (secret === undefined) return wrongSecret(appId);
  return secret.expires.getTime() <= Date.now() ? expiredSecret(appId) : undefined;
}

function same(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
