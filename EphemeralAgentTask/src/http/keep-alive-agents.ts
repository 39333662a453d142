// HTTP agents: connections that stay open, use the machine's proxy and trust its certificates.
import { Agent as HttpAgent } from "node:http";
import { Agent } from "node:https";
import { HttpsProxyAgent } from "https-proxy-agent";
import type { MachineProxy, Transport } from "./transport.ts";
import { certificates } from "./trusted-certificates.ts";

interface Agents {
  readonly direct: Agent;
  readonly ca: { readonly ca?: string };
  readonly proxied: Map<string, Agent>;
}

/** Of one transport, as long as that is used: connections are worth keeping. */
const known = new WeakMap<Transport, Agents>();

const plain = new HttpAgent({ keepAlive: true });

function agentsOf(transport: Transport): Agents {
  const there = known.get(transport);
  if (there) return there;
  const ca = certificates(transport);
  const agents: Agents = { direct: new Agent({ keepAlive: true, ...ca }), ca, proxied: new Map() };
  known.set(transport, agents);
  return agents;
}

/** @returns the proxy's address as the tunnel wants it, user and password included */
function address({ url, username, password }: MachineProxy): string {
  const parsed = new URL(url);
  if (username) parsed.username = encodeURIComponent(username);
  if (password) parsed.password = encodeURIComponent(password);
  return parsed.href;
}

/**
 * @param proxy undefined to go there directly, whatever the environment says
 * @throws when the agent machine's certificates cannot be read
 */
export function agentFor(target: URL, proxy: MachineProxy | undefined, transport: Transport): HttpAgent | Agent {
  if (target.protocol === "http:") return plain;
  const { direct, ca, proxied } = agentsOf(transport);
  if (proxy === undefined) return direct;
  const way = address(proxy);
  const agent = proxied.get(way) ?? (new HttpsProxyAgent(way, { keepAlive: true, ...ca }) as unknown as Agent);
  proxied.set(way, agent);
  return agent;
}
