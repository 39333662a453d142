import { isObject } from "../json.ts";
import { checkSecretKey, checkVolumeName } from "./names.ts";
import type { Reader } from "./reader.ts";
import { invalid } from "./refusals.ts";

export interface VolumeSpec {
  readonly name: string;
  readonly kind: "secret" | "emptyDir";
  /** Content of a secret volume's files, by their names. */
  readonly files: Readonly<Record<string, Buffer>>;
}

/** What a volume of secrets may hold in all; no limit is documented, so Kubernetes' one stands in. */
const mostSecretBytes = 1024 * 1024;

export function readVolumes(properties: Reader, group: string): VolumeSpec[] {
  const names = new Set<string>();
  return properties
    .objects("volumes", ["name", "secret", "emptyDir"], ["azureFile", "gitRepo", "secretReference"])
    .map((volume) => {
      const name = volume.text("name") ?? "";
      checkVolumeName(name, group);
      if (names.has(name) || volume.has("secret") === volume.has("emptyDir")) {
        const message = `The volume '${name}' in container group '${group}' must be given once, with exactly one kind of volume.`;
        throw invalid("InvalidVolume", message);
      }
      names.add(name);
      if (volume.has("emptyDir")) return { name, kind: "emptyDir", files: {} };
      return { name, kind: "secret", files: readSecret(volume.raw("secret"), name, group) };
    });
}

function readSecret(secret: unknown, volume: string, group: string): Record<string, Buffer> {
  if (!isObject(secret) || Object.keys(secret).length === 0) {
    throw invalid("InvalidSecretVolume", `The secret of volume '${volume}' in container group '${group}' is empty.`);
  }
  const files = Object.entries(secret).map(([key, value]): [string, Buffer] => {
    checkSecretKey(key, volume, group);
    if (typeof value !== "string" || !isBase64(value)) {
      const message = `The value of '${key}' in the secret of volume '${volume}' in container group '${group}' is not base64.`;
      throw invalid("InvalidSecretVolumeValue", message);
    }
    return [key, Buffer.from(value, "base64")];
  });
  if (files.reduce((sum, [, content]) => sum + content.length, 0) > mostSecretBytes) {
    const message = `The secret of volume '${volume}' in container group '${group}' is larger than ${mostSecretBytes} bytes.`;
    throw invalid("SecretVolumeTooLarge", message);
  }
  return Object.fromEntries(files);
}

function isBase64(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text);
}
