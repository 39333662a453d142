// A token that a service refuses in the middle of a run, while it should still be good.
import assert from "node:assert/strict";
import { armReader } from "../../EphemeralAgentTask/src/azure/arm-requests.ts";
import { containerHost } from "../../EphemeralAgentTask/src/azure/container-groups/container-host.ts";
import { requirePool } from "../../EphemeralAgentTask/src/devops/agent-pool.ts";
import { poolClient } from "../../EphemeralAgentTask/src/devops/pool-client.ts";
import { systemTime } from "../../EphemeralAgentTask/src/http/service-time.ts";
import type { Transport } from "../../EphemeralAgentTask/src/http/transport.ts";
import type { DevOpsToken } from "../../EphemeralAgentTask/src/ports/connections.ts";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { answers } from "../../simulator/http/network-failures.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";

describe("A token that is refused before its time", () => {
  let simulator: Simulator;
  let transport: Transport;

  before(async () => {
    simulator = await startSimulator();
    transport = {
      time: systemTime(),
      proxyFor: () => undefined,
      caFile: simulator.caFile,
      mask: (secret: string) => secret,
    };
  });
  after(() => simulator.stop());
  afterEach(() => simulator.faults.clear());

  function identity(clientId: string, secret: string) {
    const { authority: authorityUrl, tenantId } = simulator.ready;
    return { identity: { kind: "secret", tenantId, clientId, secret }, authorityUrl, customAuthority: true } as const;
  }

  function azure() {
    const { arm: armUrl, subscriptionId, clientId, clientSecret } = simulator.ready;
    return {
      ...identity(clientId, clientSecret),
      subscriptionId,
      armUrl,
      environment: "AzureStack",
      audience: armUrl,
    } as const;
  }

  async function pool(token: DevOpsToken) {
    const { organizationUrl: url, pat: jobToken, pool: name } = simulator.ready;
    return requirePool(poolClient({ url, token, jobToken }, transport, "0.0.0"), name);
  }

  const groupsPath = (): string =>
    `/subscriptions/${simulator.ready.subscriptionId}/resourceGroups/${simulator.ready.resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups`;

  const senders: Readonly<Record<string, { readonly site: string; sender(): Promise<() => Promise<unknown>> }>> = {
    "Azure Resource Manager": {
      site: "arm",
      async sender() {
        const arm = armReader(azure(), transport);
        return () => arm.list(groupsPath(), "2023-05-01");
      },
    },
    "Azure Container Instances": {
      site: "arm",
      async sender() {
        const { resourceGroup: resourceGroupName } = simulator.ready;
        const host = containerHost({ azure: azure(), resourceGroupName }, transport, "0.0.0");
        return () => host.list();
      },
    },
    "Azure DevOps": {
      site: "devops",
      async sender() {
        const { registrar, entra } = simulator;
        const found = await pool({
          kind: "entra",
          ...identity(registrar.appId, entra.directory.addSecret(registrar.appId)),
        });
        return () => found.list();
      },
    },
  };

  async function refusal(asking: Promise<unknown>): Promise<ServiceFault> {
    const error = await asking.then(
      () => assert.fail("an answer came"),
      (fault: unknown) => fault,
    );
    assert.ok(error instanceof ServiceFault, String(error));
    return error;
  }

  for (const [service, { site, sender }] of Object.entries(senders)) {
    // Azure Resource Manager has no page to sign in at: there it is an answer of somebody else.
    for (const answer of site === "devops" ? (["401", "sign-in page with 203"] as const) : (["401"] as const)) {
      it(`by ${service} (${answer}) is not sent again: another attempt goes with a new one`, async () => {
        const ask = await sender();
        await ask();
        const tokens = () =>
          simulator.requests.entries.filter((one) => one.site === "login" && one.method === "POST").length;
        const from = tokens();
        await ask();
        assert.equal(tokens(), from, "a good one is kept");
        simulator.faults.add({ site, times: 1, effect: answers[answer] });
        const { details } = await refusal(ask());
        assert.deepEqual([details.retryable, details.seldomPasses], [true, true]);
        await ask();
        assert.equal(tokens(), from + 1);
      });
    }
  }

  it("and cannot be renewed, as a personal access token, is not tried again", async () => {
    const { list } = await pool({ kind: "personalAccessToken", token: simulator.ready.pat });
    simulator.faults.add({ site: "devops", times: 1, effect: answers["401"] });
    const { details } = await refusal(list());
    assert.notEqual(details.retryable, true);
  });
});
