// Reads the volumes of a request for a container group.
import { isObject, type JsonObject } from "../../json-body.ts";
import type { Reader } from "./body-reader.ts";
import { invalid } from "./group-errors.ts";
import { checkSecretKey, checkVolumeName } from "./group-names.ts";

export interface VolumeSpec {
  readonly name: string;
  readonly kind: VolumeKind;
  /** Content of a secret volume's files, by their names. */
  readonly files: Readonly<Record<string, Buffer>>;
  /** What a reader sees of it; nothing of a secret, nor the key of a storage account. */
  readonly view: JsonObject;
  /** The file share, by storage account and name. */
  readonly share?: string;
}

type VolumeKind = "secret" | "emptyDir" | "azureFile" | "gitRepo";
const kinds = ["secret", "emptyDir", "azureFile", "gitRepo"] as const;

/** What a volume of secrets may hold in all; no limit is documented, so Kubernetes' one stands in. */
const mostSecretBytes = 1024 * 1024;

export function readVolumes(properties: Reader, group: string): VolumeSpec[] {
  const names = new Set<string>();
  return properties.objects("volumes", ["name", ...kinds], ["secretReference"]).map((volume) => {
    const name = volume.text("name") ?? "";
    checkVolumeName(name, group);
    const [kind, another] = kinds.filter((each) => volume.has(each));
    if (names.has(name) || kind === undefined || another !== undefined) {
      const message = `The volume '${name}' in container group '${group}' must be given once, with exactly one kind of volume.`;
      throw invalid("InvalidVolume", message);
    }
    names.add(name);
    const plain = { name, kind, files: {}, view: {} };
    if (kind === "secret") return { ...plain, files: readSecret(volume.raw("secret"), name, group) };
    if (kind === "azureFile") return { ...plain, ...readShare(volume, name, group) };
    return kind === "gitRepo" ? { ...plain, view: readRepository(volume, name, group) } : plain;
  });
}

/** A share of a storage account. Whether the account and its key are right, the service finds out when it mounts. */
function readShare(volume: Reader, name: string, group: string): Pick<VolumeSpec, "view" | "share"> {
  const known = ["shareName", "readOnly", "storageAccountName", "storageAccountKey"];
  const share = volume.object("azureFile", known, ["storageAccountKeyReference"]);
  const [shareName, account] = [share?.text("shareName"), share?.text("storageAccountName")];
  if (!shareName || !account || !share?.text("storageAccountKey")) {
    const message = `The Azure file volume '${name}' in container group '${group}' needs a share, a storage account and its key.`;
    throw invalid("InvalidAzureFileVolume", message);
  }
  const readOnly = share.flag("readOnly");
  const view = { shareName, ...(readOnly === undefined ? {} : { readOnly }), storageAccountName: account };
  return { view, share: `${account}/${shareName}` };
}

/** A clone of a repository; there is nothing to clone from here, so its folder stays empty. */
function readRepository(volume: Reader, name: string, group: string): JsonObject {
  const repository = volume.object("gitRepo", ["directory", "repository", "revision"]);
  const [url, directory, revision] = ["repository", "directory", "revision"].map((each) => repository?.text(each));
  if (!url) {
    throw invalid(
      "InvalidGitRepoVolume",
      `The repository of volume '${name}' in container group '${group}' is missing.`,
    );
  }
  return { repository: url, ...(directory && { directory }), ...(revision && { revision }) };
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
