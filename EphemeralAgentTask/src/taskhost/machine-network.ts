// Reads the proxy and the certificates of the agent machine (facts task-conventions §2.1).
import * as tl from "azure-pipelines-task-lib/task.js";
import type { MachineProxy, Transport } from "../http/transport.ts";
import { environmentProxy } from "./proxy-environment.ts";
import { remember, withoutKnownSecrets } from "./secrets/known-secrets.ts";

function agentProxy(url: string): MachineProxy | undefined {
  const proxy = tl.getHttpProxyConfiguration(url);
  if (!proxy?.proxyUrl) return undefined;
  const { proxyUrl, proxyUsername, proxyPassword } = proxy;
  return {
    url: proxyUrl,
    ...(proxyUsername ? { username: proxyUsername } : {}),
    ...(proxyPassword ? { password: proxyPassword } : {}),
  };
}

/**
 * @param time told by the services' answers
 * @param throttle told by the answers of Azure DevOps
 */
export function agentTransport(time: Transport["time"], throttle?: Transport["throttle"]): Transport {
  const masked = new Set<string>();
  const certificates = tl.getHttpCertConfiguration();
  const mask = (secret: string): string => {
    if (!masked.has(secret)) tl.setSecret(remember(secret));
    masked.add(secret);
    return secret;
  };
  // The agent's own proxy, with what it lets pass by, comes before one of the environment.
  const ofAgent = Boolean(tl.getHttpProxyConfiguration()?.proxyUrl);
  return {
    time,
    ...(throttle ? { throttle } : {}),
    proxyFor(url) {
      const proxy = ofAgent ? agentProxy(url) : environmentProxy(url, process.env);
      if (proxy?.password) mask(proxy.password);
      return proxy;
    },
    ...(certificates?.caFile ? { caFile: certificates.caFile } : {}),
    mask,
    withoutSecrets: withoutKnownSecrets,
  };
}
