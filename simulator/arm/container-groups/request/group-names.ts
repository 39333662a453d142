// Names that the service refuses (facts aci-azure-sdk §3.3).
import { invalid } from "./group-errors.ts";

const label = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const rule =
  "contain no more than 63 characters and must match the regex '[a-z0-9]([-a-z0-9]*[a-z0-9])?' (e.g. 'my-name')";

export function checkGroupName(name: string): void {
  // Documents disagree on two hyphens in a row; the stricter one is followed.
  if (label.test(name) && !name.includes("--")) return;
  throw invalid("InvalidContainerGroupName", `The container group name '${name}' is invalid. The name must ${rule}.`);
}

export function checkContainerName(name: string, group: string): void {
  if (label.test(name)) return;
  const message = `The container name '${name}' in container group '${group}' is invalid. The container name must ${rule}.`;
  throw invalid("InvalidContainerName", message);
}

/** The documentation's rule, which is stricter than the service's message: no underscore first or last. */
export function checkVariableName(name: string, container: string, group: string): void {
  if (/^[a-zA-Z](?:\w{0,61}[a-zA-Z0-9])?$/.test(name)) return;
  const message = `The environment variable name in container '${container}' of container group '${group}' is invalid. A valid environment variable name must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName').`;
  throw invalid("InvalidContainerEnvironmentVariable", message);
}

export function checkVolumeName(name: string, group: string): void {
  if (label.test(name) && name.length >= 5 && !name.includes("--")) return;
  const message = `The volume name '${name}' in container group '${group}' is invalid. The volume name must have 5 to 63 characters: lowercase letters, numbers and single hyphens, none of them first or last.`;
  throw invalid("InvalidVolumeName", message);
}

/** A secret's key is a plain file name; whether one may begin with a dot nobody could try, so it may not. */
export function checkSecretKey(key: string, volume: string, group: string): void {
  if (/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,252}$/.test(key)) return;
  const message = `The secret name '${key}' of volume '${volume}' in container group '${group}' is invalid. It must be a plain file name of letters, digits, '.', '_' and '-' that does not begin with '.'.`;
  throw invalid("InvalidSecretVolumeKey", message);
}
