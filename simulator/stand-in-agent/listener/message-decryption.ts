// Decrypts the messages of a session.
import { constants, createDecipheriv, type KeyObject, privateDecrypt } from "node:crypto";

/** What a session's messages are encrypted with, as the service hands it over. */
export interface EncryptionKey {
  readonly encrypted: boolean;
  readonly value: string;
}

/**
 * The body of a message in clear. A message without `iv`, or of a session without a key, is not encrypted.
 * @param privateKey the agent's, which opens the session's key: RSA-OAEP with SHA-1; bodies are AES in CBC mode.
 * @throws Error when the key does not fit.
 */
export function openBody(
  { iv, body }: { readonly iv?: string | undefined; readonly body: string },
  encryptionKey: EncryptionKey | null | undefined,
  privateKey: () => KeyObject,
): string {
  if (!encryptionKey?.value || !iv) return body;
  const sealed = Buffer.from(encryptionKey.value, "base64");
  const key = encryptionKey.encrypted
    ? privateDecrypt({ key: privateKey(), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha1" }, sealed)
    : sealed;
  const decipher = createDecipheriv(`aes-${key.length * 8}-cbc`, key, Buffer.from(iv, "base64"));
  return Buffer.concat([decipher.update(body, "base64"), decipher.final()]).toString("utf8");
}
