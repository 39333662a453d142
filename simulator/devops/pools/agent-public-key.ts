// An agent's public key.

/** An agent's key as it is registered: standard base64 of big-endian bytes (facts agent-protocol §1.2). */
export interface PublicKey {
  readonly exponent: string;
  readonly modulus: string;
}
