// What the container has besides the agent: environment, identities, volumes, DNS, proxy, certificates.
import type { AgentProxy, ContainerSettings, VolumeSetting } from "../settings.ts";
import type { Reader } from "./reader.ts";
import { identityIds } from "./registry-connection.ts";

/** Letters, digits and inner underscores, up to 63 (facts aci-azure-sdk §3.3). */
const variableName = /^[A-Za-z0-9]([A-Za-z0-9_]{0,61}[A-Za-z0-9])?$/;
/** The start script's own, and the interface of images that register themselves. */
const reservedVariable = /^(AZP_|EPHEMERAL_|AZ_ACI_)/;

function environment(reader: Reader, input: string, secret: boolean): Record<string, string> {
  const pairs = reader.pairs(input, secret);
  for (const [name] of pairs) {
    if (!variableName.test(name)) {
      reader.wrong(input, name, "allowed in a name: letters, digits and inner underscores, up to 63");
    } else if (reservedVariable.test(name)) reader.wrong(input, name, "this task sets variables that begin so");
  }
  return Object.fromEntries(pairs);
}

const ipv4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;

const absolute = /^\/[^:\s]*[^:\s/]$/;

/** `emptyDir mountPath=/work`, or `azureFile share=… account=… key=… mountPath=…`, one a line. */
function volumes(reader: Reader): VolumeSetting[] {
  const input = "volumes";
  const lines = (reader.optional(input) ?? "").split(/\r?\n/).map((line) => line.trim());
  return lines.flatMap((line): VolumeSetting[] => {
    if (line === "") return [];
    const [kind = "", ...parts] = line.split(/\s+/);
    const value = (name: string) => parts.find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
    const mountPath = value("mountPath");
    // A line may hold a storage key, so only its first word is shown.
    const wrong = (allowed: string) => reader.wrong(input, kind, allowed);
    if (!absolute.test(mountPath)) wrong("mountPath=/… is needed in the line, an absolute path");
    if (kind === "emptyDir") return [{ kind, mountPath }];
    if (kind !== "azureFile") {
      wrong("allowed: lines that begin with emptyDir or azureFile");
      return [];
    }
    const [share, account, key] = ["share", "account", "key"].map(value);
    if (!share || !account || !key) {
      wrong("share=…, account=… and key=… are needed in the line");
      return [];
    }
    return [{ kind, mountPath, share, account, key, readOnly: value("readOnly") === "true" }];
  });
}

function dns(reader: Reader): ContainerSettings["dns"] {
  const servers = (reader.optional("dnsServers") ?? "").split(/[\s,;]+/).filter((server) => server !== "");
  for (const server of servers)
    if (!ipv4.test(server)) reader.wrong("dnsServers", server, "allowed: IPv4 addresses, separated by commas");
  const search = reader
    .optional("dnsSearchDomains")
    ?.split(/[\s,;]+/)
    .join(" ");
  if (servers.length === 0 && search !== undefined)
    reader.wrong("dnsSearchDomains", search, "it is used with dnsServers only");
  return servers.length === 0 ? undefined : { servers, ...(search ? { search } : {}) };
}

function proxy(reader: Reader): AgentProxy | undefined {
  const input = "agentProxyUrl";
  const url = reader.matching(
    input,
    /^https?:\/\/[^\s@/]+(:\d+)?\/?$/,
    "allowed: http://host:port, without user and password",
    reader.optional(input),
  );
  const [username, password, bypass] = ["agentProxyUsername", "agentProxyPassword", "agentProxyBypass"].map((name) =>
    reader.optional(name),
  );
  if (url === undefined) {
    if (username ?? password ?? bypass)
      reader.wrong(input, undefined, "it is needed with the other settings of the agent's proxy");
    return undefined;
  }
  return { url, ...(username ? { username } : {}), ...(password ? { password } : {}), ...(bypass ? { bypass } : {}) };
}

function logAnalytics(reader: Reader): ContainerSettings["logAnalytics"] {
  const workspaceId = reader.optional("logAnalyticsWorkspaceId");
  const workspaceKey = reader.optional("logAnalyticsWorkspaceKey");
  if (workspaceId && workspaceKey) return { workspaceId, workspaceKey };
  if (workspaceId) reader.wrong("logAnalyticsWorkspaceKey", undefined, "it is needed with logAnalyticsWorkspaceId");
  if (workspaceKey) reader.wrong("logAnalyticsWorkspaceId", undefined, "it is needed with logAnalyticsWorkspaceKey");
  return undefined;
}

/** Azure's own rules for tags, and not ours to change. */
function tags(reader: Reader): Record<string, string> {
  const pairs = reader.pairs("tags");
  for (const [name, value] of pairs) {
    if (/[<>%&\\?/]/.test(name) || name.length > 128)
      reader.wrong("tags", name, "a tag's name has no < > % & \\ ? / and up to 128 letters");
    else if (/^EphemeralAgent(\.|$)/i.test(name)) reader.wrong("tags", name, "this task sets tags that begin so");
    else if (value.length > 256) reader.wrong("tags", name, "a tag's value has up to 256 letters");
  }
  if (pairs.length > 35)
    reader.wrong(
      "tags",
      String(pairs.length),
      "up to 35 tags are allowed; Azure takes 50, and this task needs the rest",
    );
  return Object.fromEntries(pairs);
}

export function containerSettings(reader: Reader): ContainerSettings {
  const workFolder = reader.matching(
    "workFolder",
    absolute,
    "allowed: an absolute path in the container",
    reader.optional("workFolder"),
  );
  const certificates = "-----BEGIN CERTIFICATE-----";
  const caBundle = reader.optional("agentCaBundle");
  if (caBundle !== undefined && !caBundle.includes(certificates)) {
    reader.wrong(
      "agentCaBundle",
      caBundle.slice(0, 30),
      `allowed: the text of PEM certificates, beginning with ${certificates}`,
    );
  }
  const [names, analytics, through] = [dns(reader), logAnalytics(reader), proxy(reader)];
  return {
    environment: environment(reader, "environmentVariables", false),
    secretEnvironment: environment(reader, "secretEnvironmentVariables", true),
    identityIds: identityIds(reader, "userAssignedIdentities"),
    volumes: volumes(reader),
    tags: tags(reader),
    ...(workFolder ? { workFolder } : {}),
    ...(names ? { dns: names } : {}),
    ...(analytics ? { logAnalytics: analytics } : {}),
    ...(through ? { proxy: through } : {}),
    ...(caBundle ? { caBundle } : {}),
  };
}
