// Reads the agent's private key from `rsaparams`.
import { createPrivateKey, type JsonWebKey, type KeyObject } from "node:crypto";
import { type Install, readConfiguration } from "./agent-files.ts";

const halves = ["p", "q", "dp", "dq", "inverseQ"] as const;

/** Raised for a key that .NET would not import. */
export class InvalidKey extends Error {}

/**
 * The key in `.credentials_rsaparams`. As .NET does, it wants each part at its full length: `d` as long as the modulus,
 * the others half of it (facts agent-protocol §1.3).
 * @throws InvalidKey when a part is missing, not standard base64, or not padded.
 */
export function loadKey(install: Install): KeyObject {
  const file = readConfiguration(install, ".credentials_rsaparams");
  const part = (name: string): Buffer => {
    const value = file[name];
    if (typeof value !== "string") throw new InvalidKey(`The RSA parameter ${name} is missing.`);
    const bytes = Buffer.from(value, "base64");
    if (bytes.toString("base64") !== value) throw new InvalidKey(`The RSA parameter ${name} is not standard base64.`);
    return bytes;
  };
  const modulus = part("modulus");
  const wanted = (name: string, length: number): Buffer => {
    const bytes = part(name);
    if (bytes.length === length) return bytes;
    throw new InvalidKey(`The RSA parameter ${name} must have ${length} bytes and has ${bytes.length}.`);
  };
  if (modulus.length !== 256) throw new InvalidKey(`The RSA parameter modulus has ${modulus.length} bytes, not 256.`);
  const [p, q, dp, dq, qi] = halves.map((name) => wanted(name, modulus.length / 2).toString("base64url"));
  const [n, d, e] = [modulus, wanted("d", modulus.length), part("exponent")].map((bytes) =>
    bytes.toString("base64url"),
  );
  const key = { kty: "RSA", n, e, d, p, q, dp, dq, qi } as JsonWebKey;
  return createPrivateKey({ format: "jwk", key });
}

/** The parts as the file holds them: standard base64, each padded to its full length as .NET wants it. */
export function rsaParameters(key: KeyObject): Record<"exponent" | "modulus" | "d" | (typeof halves)[number], string> {
  const jwk = key.export({ format: "jwk" });
  const part = (value: string | undefined, length: number): string => {
    const bytes = Buffer.from(value ?? "", "base64url");
    return Buffer.concat([Buffer.alloc(length - bytes.length), bytes]).toString("base64");
  };
  return {
    exponent: part(jwk.e, 3),
    modulus: part(jwk.n, 256),
    d: part(jwk.d, 256),
    p: part(jwk.p, 128),
    q: part(jwk.q, 128),
    dp: part(jwk.dp, 128),
    dq: part(jwk.dq, 128),
    inverseQ: part(jwk.qi, 128),
  };
}
