// What a container of a standby pool finds in its package: the other half of what the task seals.
import { constants, createDecipheriv, createPrivateKey, pbkdf2Sync, privateDecrypt } from "node:crypto";
import type { Simulator } from "../../../simulator/start-simulator.ts";

/** The private key of the simulator's standby pool, which only its containers have. */
export function poolKey({ arm }: Pick<Simulator, "arm">): string {
  const [profile] = arm.profiles.all();
  const { volumes = [] } = (profile?.revisions.at(-1)?.properties ?? {}) as {
    readonly volumes?: readonly { readonly secret?: Readonly<Record<string, string>> }[];
  };
  const [key] = volumes.flatMap(({ secret }) => secret?.["standby.pem"] ?? []);
  return Buffer.from(key ?? "", "base64").toString("utf8");
}

/** The files in a package, by their names. */
export function unsealed(packed: string, pem: string): Record<string, string> {
  const [, , wrapped = "", content = ""] = packed.split("\n");
  const options = { key: createPrivateKey(pem), padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: "sha256" };
  const password = privateDecrypt(options, Buffer.from(wrapped, "base64")).toString().slice(0, 64);
  const bytes = Buffer.from(content, "base64");
  const derived = pbkdf2Sync(password, bytes.subarray(8, 16), 1, 48, "sha256");
  const cipher = createDecipheriv("aes-256-cbc", derived.subarray(0, 32), derived.subarray(32));
  const text = Buffer.concat([cipher.update(bytes.subarray(16)), cipher.final()]).toString("utf8");
  const files = text.split("\n").filter((line) => line !== "");
  return Object.fromEntries(
    files.map((line) => {
      const [name = "", encoded = ""] = line.split(" ");
      return [name, Buffer.from(encoded, "base64").toString("utf8")];
    }),
  );
}
