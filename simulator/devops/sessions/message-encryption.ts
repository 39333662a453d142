// Encrypts the messages of a session.
import { constants, createCipheriv, createPublicKey, publicEncrypt, randomBytes } from "node:crypto";
import type { PublicKey } from "../pools/agent-public-key.ts";

/** The body of a message as it goes over the wire. */
export interface SealedBody {
  /** Base64 of the 16 bytes that this one message is encrypted with besides the key. */
  readonly iv: string;
  /** Base64. */
  readonly body: string;
}

/** What a session's messages are encrypted with. */
export interface SessionCipher {
  /** The answer's `encryptionKey`: of use to nobody but who has the agent's private key. */
  readonly encryptionKey: { readonly encrypted: true; readonly value: string };
  seal(body: string): SealedBody;
}

/**
 * A key for one session: AES-256 in CBC mode for bodies, itself encrypted by RSA-OAEP with SHA-1
 * (microsoft/azure-pipelines-agent, MessageListener `GetMessageDecryptor`).
 */
export function sessionCipher({ modulus, exponent }: PublicKey): SessionCipher {
  const key = randomBytes(32);
  const jwk = { kty: "RSA", n: base64url(modulus), e: base64url(exponent) };
  const sealedKey = publicEncrypt(
    {
      key: createPublicKey({ format: "jwk", key: jwk }),
      padding: constants.RSA_PKCS1_OAEP_PADDING,
      oaepHash: "sha1",
    },
    key,
  );
  return {
    encryptionKey: { encrypted: true, value: sealedKey.toString("base64") },
    seal(body) {
      const iv = randomBytes(16);
      const cipher = createCipheriv("aes-256-cbc", key, iv);
      const sealed = Buffer.concat([cipher.update(body, "utf8"), cipher.final()]);
      return { iv: iv.toString("base64"), body: sealed.toString("base64") };
    },
  };
}

const base64url = (base64: string): string => Buffer.from(base64, "base64").toString("base64url");
