// Reads the outbound settings of the container: DNS servers, proxy, and trusted certificates.

import type { Reader } from "../input-reader.ts";
import type { AgentProxy, ContainerSettings } from "../settings.ts";

const ipv4 = /^(25[0-5]|2[0-4]\d|1?\d?\d)(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/;
const domain = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$/;

const list = (text: string | undefined) => (text ?? "").split(/[\s,;]+/).filter((one) => one !== "");

export function dns(reader: Reader): ContainerSettings["dns"] {
  const servers = list(reader.text("dnsServers"));
  for (const server of servers)
    reader.matching("dnsServers", ipv4, "allowed: IPv4 addresses, separated by commas", server);
  const search = list(reader.text("dnsSearchDomains"));
  for (const one of search)
    reader.matching("dnsSearchDomains", domain, "allowed: domains, separated by blanks or commas", one);
  if (servers.length === 0 && search.length > 0)
    reader.wrong("dnsSearchDomains", search.join(" "), "it is used with dnsServers only");
  return servers.length === 0 ? undefined : { servers, ...(search.length > 0 ? { search: search.join(" ") } : {}) };
}

/** Whether an address says where a proxy is, and nothing else. */
function isProxy(text: string): boolean {
  if (!/^https?:\/\/[^\s@/?#]+\/?$/.test(text) || !URL.canParse(text)) return false;
  return new URL(text).hostname !== "";
}

export function proxy(reader: Reader): AgentProxy | undefined {
  const input = "agentProxyUrl";
  const url = reader.optional(input);
  if (url !== undefined && !isProxy(url))
    reader.wrong(input, url, "allowed: http://host:port, without user and password");
  const username = reader.optional("agentProxyUsername");
  const password = reader.optional("agentProxyPassword");
  const bypass = reader.optional("agentProxyBypass");
  if (password !== undefined && username === undefined)
    reader.missing("agentProxyUsername", "it is needed with agentProxyPassword");
  if (url === undefined) {
    if (username ?? password ?? bypass)
      reader.missing(input, "it is needed with the other settings of the agent's proxy");
    return undefined;
  }
  return { url, ...(username ? { username } : {}), ...(password ? { password } : {}), ...(bypass ? { bypass } : {}) };
}

const begin = "-----BEGIN CERTIFICATE-----";
const end = "-----END CERTIFICATE-----";

/** Whether a text holds certificates and nothing else but comments. One pass over its lines. */
function holdsCertificates(text: string): boolean {
  let [inside, lines, found] = [false, 0, 0];
  for (const row of text.split(/\r?\n/)) {
    const line = row.trim();
    if (line === begin && !inside) [inside, lines] = [true, 0];
    else if (line === end && inside && lines > 0) [inside, found] = [false, found + 1];
    else if (line.includes("-----")) return false;
    else if (inside && !/^[A-Za-z0-9+/=]*$/.test(line)) return false;
    else if (inside && line !== "") lines++;
  }
  return found > 0 && !inside;
}

/** PEM text. None of it is shown: what is not a certificate may be a key. */
export function caBundle(reader: Reader): string | undefined {
  const input = "agentCaBundle";
  const text = reader.text(input);
  if (text === undefined) return undefined;
  const wrong = (allowed: string) => reader.wrongSecret(input, undefined, allowed);
  if (/PRIVATE KEY-----/.test(text))
    wrong("certificates alone are allowed: it holds a private key, which jobs could read");
  else if (!holdsCertificates(text))
    wrong("allowed: the text of PEM certificates, each from -----BEGIN CERTIFICATE----- to its END, in lines");
  return text;
}
