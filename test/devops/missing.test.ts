// Only the service's own word for a record that is not there means that: any other 404 is a fault.
import assert from "node:assert/strict";
import { requirePool } from "../../EphemeralAgentTask/src/devops/agent-pool.ts";
import { poolClient } from "../../EphemeralAgentTask/src/devops/pool-client.ts";
import { TaskError } from "../../EphemeralAgentTask/src/errors/catalog.ts";
import { systemTime } from "../../EphemeralAgentTask/src/http/service-time.ts";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { answers } from "../../simulator/http/network-failures.ts";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";

describe("Something that the organization does not have", () => {
  let simulator: Simulator;
  before(async () => {
    simulator = await startSimulator();
  });
  after(() => simulator.stop());
  afterEach(() => simulator.faults.clear());

  function client() {
    const { organizationUrl: url, pat } = simulator.ready;
    const mask = (secret: string) => secret;
    const transport = { time: systemTime(), proxyFor: () => undefined, caFile: simulator.caFile, mask };
    return poolClient({ url, token: { kind: "personalAccessToken", token: pat }, jobToken: pat }, transport, "0.0.0");
  }

  for (const typeKey of ["TeamFoundationServiceException", "HostDoesNotExistException", "VssServiceException"]) {
    it(`is no record that is answered 404 with ${typeKey}`, async () => {
      const pool = await requirePool(client(), simulator.ready.pool);
      const body = { typeKey, message: "TF1: Something is not there." };
      simulator.faults.add({ site: "devops", path: /\/agents\//, effect: { status: 404, body } });
      const isFault = (error: unknown) => error instanceof ServiceFault && error.code === typeKey;
      await assert.rejects(pool.get(7), isFault);
      await assert.rejects(pool.remove(7), isFault);
    });
  }

  it("is a record that is answered with the service's own word for it", async () => {
    const pool = await requirePool(client(), simulator.ready.pool);
    assert.equal(await pool.get(7), undefined);
    assert.equal(await pool.remove(7), "absent");
  });

  for (const answer of ["JSON of another shape", "half a body", "sign-in page with 200", "500"] as const) {
    it(`is a pool of that name, whatever helps to find it is answered: ${answer}`, async () => {
      simulator.faults.add({ site: "devops", path: /\/pools$/, effect: answers[answer] });
      const isMissing = (error: unknown) => error instanceof TaskError && error.code === "EA507";
      await assert.rejects(requirePool(client(), "shop-agents"), isMissing);
    });
  }
});
