// Reads the settings of the container: environment, identities, volumes, DNS, proxy, and certificates.

import { identityIds } from "../connections/registry-connection.ts";
import type { Reader } from "../input-reader.ts";
import type { ContainerSettings } from "../settings.ts";
import { valuesOf } from "../text/multiline-input.ts";
import { guid } from "../text/secret-inputs.ts";
import { caBundle, dns, proxy } from "./dns-proxy-certificates.ts";
import { environments } from "./environment-variables.ts";
import { absolutePath, isOurs, volumes } from "./volumes.ts";

/** A pair, or nothing. The id is shown on the workspace's page and is not its resource id. */
function logAnalytics(reader: Reader): ContainerSettings["logAnalytics"] {
  const id = reader.optional("logAnalyticsWorkspaceId");
  const workspaceId = reader.matching("logAnalyticsWorkspaceId", guid, "allowed: the workspace's id, a GUID", id);
  const input = "logAnalyticsWorkspaceKey";
  const workspaceKey = reader.optional(input);
  if (workspaceKey && !/^[A-Za-z0-9+/]+={0,2}$/.test(workspaceKey))
    reader.wrongSecret(input, undefined, "allowed: a key of the workspace, in base64");
  if (workspaceId && workspaceKey) return { workspaceId, workspaceKey };
  if (workspaceId) reader.missing(input, "it is needed with logAnalyticsWorkspaceId");
  if (workspaceKey) reader.missing("logAnalyticsWorkspaceId", "it is needed with logAnalyticsWorkspaceKey");
  return undefined;
}

/** Azure's own rules for tags, and not ours to change. Names that differ in case only are one name to it. */
function tags(reader: Reader): Record<string, string> {
  const input = "tags";
  const pairs = reader.pairs(input, (name) => name.toLowerCase());
  for (const { name = "", value } of pairs) {
    if (/[<>%&\\?/]/.test(name) || name.length > 128)
      reader.wrong(input, name, "a tag's name has no < > % & \\ ? / and up to 128 letters");
    else if (/^EphemeralAgent(\.|$)/i.test(name)) reader.wrong(input, name, "this task sets tags that begin so");
    else if (value.length > 256) reader.wrong(input, name, "a tag's value has up to 256 letters");
  }
  const rule = "up to 35 tags are allowed; Azure takes 50, and this task needs the rest";
  if (pairs.length > 35) reader.wrong(input, String(pairs.length), rule);
  return valuesOf(pairs);
}

function workFolder(reader: Reader): string | undefined {
  const input = "workFolder";
  const windows = reader.raw.input("osType")?.trim().toLowerCase() === "windows";
  const form = windows ? /^[A-Za-z]:\\[^\s:"*?<>|/]+$/ : absolutePath;
  const path = reader.matching(input, form, "allowed: an absolute path in the container", reader.optional(input));
  if (path !== undefined && isOurs(path)) reader.wrong(input, path, "this folder is the task's own");
  return path;
}

export function containerSettings(reader: Reader): ContainerSettings {
  const [names, analytics, through] = [dns(reader), logAnalytics(reader), proxy(reader)];
  const [folder, certificates] = [workFolder(reader), caBundle(reader)];
  return {
    ...environments(reader),
    identityIds: identityIds(reader, "userAssignedIdentities"),
    volumes: volumes(reader),
    tags: tags(reader),
    ...(folder ? { workFolder: folder } : {}),
    ...(names ? { dns: names } : {}),
    ...(analytics ? { logAnalytics: analytics } : {}),
    ...(through ? { proxy: through } : {}),
    ...(certificates ? { caBundle: certificates } : {}),
  };
}
