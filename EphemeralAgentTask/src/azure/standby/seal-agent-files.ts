// Encrypts an agent's files so that only a container of the standby pool can read them: agent-image/standby.sh.
import {
  constants,
  createCipheriv,
  createHmac,
  createPublicKey,
  pbkdf2Sync,
  publicEncrypt,
  randomBytes,
} from "node:crypto";

/** Under this name the package is in the config map, whose files have the names of its keys. */
export const packageName = "agent.sealed";

/** The first line of a package. What is below it changes only together with this. */
const format = "ephemeral-agent-package 1";

/** As `openssl enc -aes-256-cbc -md sha256 -pbkdf2 -iter 1` does: the password is random enough to need no stretching. */
function encrypted(content: string, password: string): Buffer {
  const salt = randomBytes(8);
  const derived = pbkdf2Sync(password, salt, 1, 48, "sha256");
  const cipher = createCipheriv("aes-256-cbc", derived.subarray(0, 32), derived.subarray(32));
  return Buffer.concat([Buffer.from("Salted__"), salt, cipher.update(content, "utf8"), cipher.final()]);
}

const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");

/**
 * Seals files: encrypted with a fresh password and authenticated together with the agent's name, both keys wrapped by
 * RSA-OAEP with SHA-256.
 * @param publicKey of the pool, an RSA key of 3072 bits or more: SubjectPublicKeyInfo in base64
 * @param name of the agent, which its files name as well
 * @returns five lines
 * @throws when the key is none
 */
export function seal(publicKey: string, name: string, files: Readonly<Record<string, string>>): string {
  const key = createPublicKey({ key: Buffer.from(publicKey, "base64"), format: "der", type: "spki" });
  const password = randomBytes(32).toString("hex");
  const sealKey = randomBytes(64);
  const wrapped = publicEncrypt(
    { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" },
    Buffer.from(password + sealKey.toString("hex")),
  );
  const content = Object.entries(files).map(([file, text]) => `${file} ${base64(text)}\n`);
  const lines = [format, name, wrapped.toString("base64"), encrypted(content.join(""), password).toString("base64")];
  const authentic = lines.map((line) => `${line}\n`).join("");
  return `${authentic}${createHmac("sha256", sealKey).update(authentic).digest("hex")}\n`;
}
