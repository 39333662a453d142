// Lists that go on, and tokens that end, by clocks and addresses as they come.
import assert from "node:assert/strict";
import { mock } from "node:test";
import { armReader } from "../../EphemeralAgentTask/src/azure/arm-requests.ts";
import { credentialOf } from "../../EphemeralAgentTask/src/azure/sign-in/credential.ts";
import { systemTime } from "../../EphemeralAgentTask/src/http/service-time.ts";
import type { AzureConnection } from "../../EphemeralAgentTask/src/ports/connections.ts";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";

describe("Azure Resource Manager", () => {
  let simulator: Simulator;
  let azure: AzureConnection;
  const machine = () => ({
    time: systemTime(),
    proxyFor: () => undefined,
    caFile: simulator.caFile,
    mask: (secret: string) => secret,
  });

  before(async () => {
    simulator = await startSimulator();
    const { arm, authority, tenantId, clientId, clientSecret: secret, subscriptionId } = simulator.ready;
    azure = {
      identity: { kind: "secret", tenantId, clientId, secret },
      subscriptionId,
      armUrl: arm,
      authorityUrl: authority,
      environment: "AzureStack",
      audience: arm,
      customAuthority: true,
    };
  });
  after(() => simulator.stop());
  afterEach(() => {
    simulator.faults.clear();
    mock.restoreAll();
  });

  const groupsPath = (): string =>
    `/subscriptions/${azure.subscriptionId}/resourceGroups/${simulator.ready.resourceGroup}/providers/Microsoft.ContainerInstance/containerGroups`;

  for (const [what, nextLink] of [
    ["no address", () => "page 2"],
    ["the page itself", (url: string) => url],
  ] as const) {
    it(`that says ${what} goes on with the list gives no list`, async () => {
      const strike = simulator.faults.add({
        site: "arm",
        path: /\/containerGroups/,
        effect: {
          alter: (answer, { url }) => ({ ...answer, body: { value: [], nextLink: nextLink(url.href) } }),
        },
      });
      await assert.rejects(armReader(azure, machine()).list(groupsPath(), "2023-05-01"), (error: unknown) => {
        assert.ok(error instanceof ServiceFault, String(error));
        assert.equal(error.kind, "foreign");
        return true;
      });
      assert.equal(strike.hits, 1, "it is not asked again");
    });
  }

  it("gets no token that is over, whatever the machine's clock is set to", async () => {
    const credential = credentialOf(azure, machine());
    const { requests } = simulator;
    const tokens = () => requests.entries.filter(({ site, method }) => site === "login" && method === "POST").length;
    const from = tokens();
    await credential.token(azure.audience);
    await credential.token(azure.audience);
    assert.equal(tokens() - from, 1, "it is kept");
    const [date, elapsed] = [Date.now, performance.now.bind(performance)];
    mock.method(Date, "now", () => date() - 8 * 3_600_000);
    mock.method(performance, "now", () => elapsed() + 3_600_000);
    await credential.token(azure.audience);
    assert.equal(tokens() - from, 2, "an hour later it is asked for anew");
  });
});
