// Every request asks the organization not to answer with its sign-in page, as if a browser had asked.
import assert from "node:assert/strict";
import { requirePool } from "../../EphemeralAgentTask/src/devops/agent-pool.ts";
import { poolClient } from "../../EphemeralAgentTask/src/devops/pool-client.ts";
import { systemTime } from "../../EphemeralAgentTask/src/http/service-time.ts";
import { startSimulator } from "../../simulator/start-simulator.ts";

describe("A request to the organization", () => {
  it("asks for no sign-in page, whatever it is for", async () => {
    const simulator = await startSimulator();
    try {
      const { organizationUrl: url, pat, pool: name } = simulator.ready;
      const mask = (secret: string) => secret;
      const transport = { time: systemTime(), proxyFor: () => undefined, caFile: simulator.caFile, mask };
      const devops = { url, token: { kind: "personalAccessToken", token: pat }, jobToken: pat } as const;
      const asked: unknown[] = [];
      simulator.faults.add({
        site: "devops",
        effect: {
          call({ headers }) {
            asked.push(headers["x-tfs-fedauthredirect"]);
            return undefined;
          },
        },
      });
      const pool = await requirePool(poolClient(devops, transport, "0.0.0"), name);
      await Promise.all([pool.list(), pool.jobRequests(), pool.agentPackage(), pool.get(999), pool.remove(999)]);
      assert.ok(asked.length >= 6);
      assert.deepEqual([...new Set(asked)], ["Suppress"]);
    } finally {
      await simulator.stop();
    }
  });
});
