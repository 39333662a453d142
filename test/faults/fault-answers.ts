// Errors as they come over the wire: the real adapters ask a simulator that is told to answer so, and what they make of
// it is what the in-memory world then answers.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { containerHost } from "../../EphemeralAgentTask/src/azure/container-groups/container-host.ts";
import { requirePool } from "../../EphemeralAgentTask/src/devops/agent-pool.ts";
import { poolClient } from "../../EphemeralAgentTask/src/devops/pool-client.ts";
import { systemTime } from "../../EphemeralAgentTask/src/http/service-time.ts";
import type { Transport } from "../../EphemeralAgentTask/src/http/transport.ts";
import { agentDefinition, planAgent } from "../../EphemeralAgentTask/src/plan/agent-and-container-group.ts";
import type { AzureConnection, AzureIdentity } from "../../EphemeralAgentTask/src/ports/connections.ts";
import {
  type AgentPool,
  type ContainerHost,
  type JobRequest,
  ServiceFault,
} from "../../EphemeralAgentTask/src/ports.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import { settings } from "../in-memory/valid-settings.ts";

export type WireCall =
  | "host.network"
  | "host.pullCredential"
  | "host.create"
  | "pool.register"
  | "pool.tryCredential"
  | "pool.get";

export interface Answer {
  /** Which of the simulator's sites gives it. */
  readonly site: "arm" | "devops" | "login" | "registry" | "agent-oauth";
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: object | string;
  /** How the connection signs in that gets it, when not by a secret as the simulator's does. */
  readonly identity?: AzureIdentity["kind"];
}

/** What stands on the way, so that no answer of the service comes. */
export type Obstacle = "connections break" | "its certificate is not trusted" | "a proxy refuses";

export interface Wires {
  /** What the adapter makes of the answer. */
  fault(call: WireCall, answer: Answer): Promise<ServiceFault>;
  /** What the adapter makes of a way that does not lead to Azure. */
  blocked(obstacle: Obstacle): Promise<ServiceFault>;
  /** A pool of the organization, by a name that it may not have. */
  pool(name?: string): Promise<AgentPool>;
}

/** For stages without requests. */
export const noWire: Wires = {
  fault: () => Promise.reject(new Error("there is no wire")),
  blocked: () => Promise.reject(new Error("there is no wire")),
  pool: () => Promise.reject(new Error("there is no wire")),
};

export class Wire implements Wires {
  private constructor(
    private readonly simulator: Simulator,
    private readonly transport: Transport,
  ) {}

  static async open(): Promise<Wire> {
    const simulator = await startSimulator();
    const transport = {
      proxyFor: () => undefined,
      caFile: simulator.caFile,
      time: systemTime(),
      mask: (secret: string) => secret,
    };
    return new Wire(simulator, transport);
  }

  close(): Promise<void> {
    return this.simulator.stop();
  }

  private get azure(): AzureConnection {
    const { arm, authority, tenantId, clientId, clientSecret, subscriptionId } = this.simulator.ready;
    const identity = { kind: "secret", tenantId, clientId, secret: clientSecret } as const;
    const environment = { environment: "AzureStack", audience: arm, customAuthority: true };
    return { identity, subscriptionId, armUrl: arm, authorityUrl: authority, ...environment };
  }

  private host(transport: Transport): ContainerHost {
    const { resourceGroup: resourceGroupName } = this.simulator.ready;
    return containerHost({ azure: this.azure, resourceGroupName }, transport, "0.0.0");
  }

  pool(name = this.simulator.ready.pool): Promise<AgentPool> {
    const { organizationUrl: url, pat } = this.simulator.ready;
    const token = { kind: "personalAccessToken", token: pat } as const;
    return requirePool(poolClient({ url, token, jobToken: pat }, this.transport, "0.0.0"), name);
  }

  private async ask(call: WireCall): Promise<() => Promise<unknown>> {
    const host = this.host(this.transport);
    const { subnetId, registryServer: server, tenantId, image, location } = this.simulator.ready;
    const plan = planAgent(settings(), "abc123", 0);
    const agent = agentDefinition(plan, { version: "5.0.0", url: "u", filename: "f", sha256: "s" });
    const group = { name: plan.name, location, tags: {}, osType: "Linux", image, cpu: 1, memoryInGB: 1 } as const;
    const nothing = { environment: {}, secretEnvironment: {}, identityIds: [], volumes: [] };
    switch (call) {
      case "host.network":
        return () => host.network(subnetId);
      case "host.pullCredential":
        return () => host.pullCredential({ kind: "exchange", server, tenantId, as: this.azure });
      case "host.create":
        return () => host.create({ ...group, ...nothing });
    }
    const pool = await this.pool();
    switch (call) {
      case "pool.register":
        return () => pool.register(agent);
      case "pool.get":
        return () => pool.get(1);
      case "pool.tryCredential": {
        const registered = await pool.register({ ...agent, name: `eph-${crypto.randomUUID()}` });
        return () => pool.tryCredential(registered);
      }
    }
  }

  /** What the adapter makes of an answer that is none of an error. */
  async jobRequests(body: object): Promise<readonly JobRequest[]> {
    const pool = await this.pool();
    const effect = { status: 200, body };
    const added = this.simulator.faults.add({ site: "devops", method: "GET", path: /\/jobrequests/i, effect });
    try {
      return await pool.jobRequests();
    } finally {
      added.remove();
    }
  }

  async fault(call: WireCall, { site, status, headers = {}, body, identity }: Answer): Promise<ServiceFault> {
    const { faults } = this.simulator;
    const ask = await this.ask(call);
    const added = faults.add({ site, effect: { status, headers, body }, ...pathOf(call, site) });
    const fault = await faultOf(ask()).finally(added.remove);
    if (identity === undefined) return fault;
    return new ServiceFault(fault.service, fault.code, fault.message, { ...fault.details, identity });
  }

  async blocked(obstacle: Obstacle): Promise<ServiceFault> {
    const { subnetId } = this.simulator.ready;
    const look = (transport: Transport) => faultOf(this.host(transport).network(subnetId));
    switch (obstacle) {
      case "its certificate is not trusted": {
        const { caFile: _, ...transport } = this.transport;
        return look(transport);
      }
      case "a proxy refuses": {
        const proxy = await refusingProxy();
        return look({ ...this.transport, proxyFor: () => ({ url: proxy.url }) }).finally(proxy.close);
      }
      case "connections break": {
        const added = this.simulator.faults.add({ site: "arm", effect: { reset: true } });
        return look(this.transport).finally(added.remove);
      }
    }
  }
}

async function faultOf(asking: Promise<unknown>): Promise<ServiceFault> {
  const thrown = await asking.then(
    () => assert.fail("the adapter took it for a success"),
    (error: unknown) => error,
  );
  assert.ok(thrown instanceof ServiceFault, `the adapter throws nothing else: ${thrown}`);
  return thrown;
}

/** Answers 403 instead of making a tunnel. */
async function refusingProxy(): Promise<{ readonly url: string; close(): void }> {
  const proxy = createServer((socket) => {
    socket.once("data", () => socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const { port } = proxy.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => proxy.close() };
}

/** Clients look around before they ask; only what they ask for is answered with the error. */
function pathOf(call: WireCall, site: Answer["site"]): { method?: string; path?: RegExp } {
  if (site === "login") return { method: "POST" };
  if (call === "host.create") return { method: "PUT" };
  if (call === "pool.register") return { method: "POST", path: /\/agents/i };
  if (call === "pool.get") return { method: "GET", path: /\/agents\/1/i };
  return {};
}
