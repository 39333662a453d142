import assert from "node:assert/strict";
import { registryInspection } from "../../../EphemeralAgentTask/src/azure/registry/image-lookup.ts";
import type { RegistryAccess } from "../../../EphemeralAgentTask/src/ports/connections.ts";
import type { ServiceFault } from "../../../EphemeralAgentTask/src/ports.ts";
import type { Principal } from "../../../simulator/azure-services.ts";
import { type Simulator, startSimulator } from "../../../simulator/start-simulator.ts";
import { transportTo } from "./look.ts";

describe("A look for an image in its registry", () => {
  let simulator: Simulator;

  beforeEach(async () => {
    simulator = await startSimulator();
  });
  afterEach(() => simulator.stop());

  const look = (image: string, access?: RegistryAccess) =>
    registryInspection(transportTo(simulator)).manifest(image, access);

  /** A token of the principal is exchanged for one of the registry. */
  function exchange({ appId, secret }: Principal): RegistryAccess {
    const { ready, registry } = simulator;
    const { tenantId, subscriptionId, arm, authority } = ready;
    const identity = { kind: "secret", tenantId, clientId: appId, secret } as const;
    const as = { identity, environment: "AzureStack", subscriptionId, armUrl: arm, authorityUrl: authority };
    return { kind: "exchange", server: registry.server, tenantId, as: { ...as, audience: arm, customAuthority: true } };
  }

  function password(): RegistryAccess {
    const { registryAccount, registry } = simulator;
    return { kind: "password", server: registry.server, ...registryAccount };
  }

  it("finds what an exchanged token opens", async () => {
    const { registry, puller } = simulator;
    const answer = await look(registry.privateImage, exchange(puller));
    assert.deepEqual(answer, { kind: "found", digest: registry.digest(registry.privateImage) });
  });

  it("fails where the exchange is refused", async () => {
    const { registry, deployer } = simulator;
    await assert.rejects(look(registry.privateImage, exchange(deployer)), { code: "RegistryRefused" });
  });

  it("answers a registry that asks for user and password without tokens", async () => {
    const { registry, faults } = simulator;
    faults.add({
      site: "registry",
      path: "/manifests/",
      effect: {
        call: ({ headers }) =>
          headers.authorization ? undefined : { status: 401, headers: { "www-authenticate": 'Basic realm="agents"' } },
      },
    });
    assert.equal((await look(registry.privateImage, password())).kind, "found");
  });

  it("sends no password to where a registry points without TLS", async () => {
    const { registry, faults, requests } = simulator;
    const realm = "http://127.0.0.1:9/token";
    faults.add({
      site: "registry",
      path: "/manifests/",
      effect: { status: 401, headers: { "www-authenticate": `Bearer realm="${realm}",service="x"` } },
    });
    assert.equal((await look(registry.privateImage, password())).kind, "refused");
    assert.deepEqual(
      requests.entries.map(({ method, url }) => `${method} ${new URL(url).pathname.split("/").at(-2)}`),
      ["HEAD manifests", "GET manifests"],
    );
  });

  it("tells a registry that stumbles from one that refuses", async () => {
    const { registry, faults } = simulator;
    faults.add({
      site: "registry",
      effect: { status: 503, body: { errors: [{ code: "UNAVAILABLE", message: "busy" }] } },
    });
    await assert.rejects(look(registry.image), ({ code, details }: ServiceFault) => {
      assert.deepEqual([code, details.status, details.retryable], ["RegistryErrorResponse", 503, true]);
      return true;
    });
  });
});
