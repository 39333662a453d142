// The agent machine's proxy and certificates, as the Azure SDKs take them.
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import type { ProxySettings } from "@azure/core-rest-pipeline";
import type { Transport } from "../transport.ts";

/** The SDKs want the port apart; a scheme's usual one may be left out. */
export function proxySettings(url: string, transport: Transport): ProxySettings | undefined {
  const proxy = transport.proxyFor(url);
  if (proxy === undefined) return undefined;
  const { protocol, hostname, port } = new URL(proxy.url);
  return {
    host: `${protocol}//${hostname}`,
    port: Number(port || (protocol === "https:" ? "443" : "80")),
    ...(proxy.username ? { username: proxy.username } : {}),
    ...(proxy.password ? { password: proxy.password } : {}),
  };
}

/** Own certificates replace the usual ones in Node, so they go together. */
function certificates({ caFile }: Transport): { tlsOptions?: { ca: string } } {
  if (caFile === undefined) return {};
  return { tlsOptions: { ca: [readFileSync(caFile, "utf8"), ...rootCertificates].join("\n") } };
}

/** @param url that the client talks to */
export function clientOptions(url: string, transport: Transport) {
  const proxyOptions = proxySettings(url, transport);
  return { ...(proxyOptions ? { proxyOptions } : {}), ...certificates(transport) };
}
