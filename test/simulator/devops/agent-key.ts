// A key of an agent.
import { generateKeyPairSync, type KeyObject } from "node:crypto";

/** A key as an agent record knows it and as the agent's file holds it. */
export interface AgentKey {
  readonly privateKey: KeyObject;
  readonly publicKey: { readonly exponent: string; readonly modulus: string };
  /** The content of `.credentials_rsaparams`, each part padded as .NET wants it (facts agent-protocol §1.3). */
  readonly rsaParameters: Readonly<Record<string, string | boolean>>;
}

/** A fresh 2048-bit key. */
export function keyPair(): AgentKey {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = privateKey.export({ format: "jwk" });
  const part = (value: string | undefined, length: number): string => {
    const bytes = Buffer.from(value ?? "", "base64url");
    return Buffer.concat([Buffer.alloc(length - bytes.length), bytes]).toString("base64");
  };
  const modulus = part(jwk.n, 256);
  const exponent = part(jwk.e, 3);
  return {
    privateKey,
    publicKey: { exponent, modulus },
    rsaParameters: {
      ContainerName: "",
      UseCng: false,
      exponent,
      modulus,
      d: part(jwk.d, 256),
      p: part(jwk.p, 128),
      q: part(jwk.q, 128),
      dp: part(jwk.dp, 128),
      dq: part(jwk.dq, 128),
      inverseQ: part(jwk.qi, 128),
    },
  };
}
