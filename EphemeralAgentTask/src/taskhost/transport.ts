// The agent machine's proxy and certificates, which the agent hands to every task (facts task-conventions §2.1).
import * as tl from "azure-pipelines-task-lib/task.js";
import type { Transport } from "../transport.ts";

/** @param time told by the services' answers */
export function agentTransport(time: Transport["time"]): Transport {
  const masked = new Set<string>();
  const certificates = tl.getHttpCertConfiguration();
  return {
    time,
    proxyFor(url) {
      const proxy = tl.getHttpProxyConfiguration(url);
      if (!proxy?.proxyUrl) return undefined;
      const { proxyUrl, proxyUsername, proxyPassword } = proxy;
      return {
        url: proxyUrl,
        ...(proxyUsername ? { username: proxyUsername } : {}),
        ...(proxyPassword ? { password: proxyPassword } : {}),
      };
    },
    ...(certificates?.caFile ? { caFile: certificates.caFile } : {}),
    mask(secret) {
      if (!masked.has(secret)) tl.setSecret(secret);
      masked.add(secret);
      return secret;
    },
  };
}
