// Answers to changes of a network's parts, beside their shapes.
import assert from "node:assert/strict";
import { type Stand, startStand } from "./azure-fixture.ts";

interface Shown {
  readonly properties: Readonly<Record<string, unknown>>;
}

describe("a part of a network", () => {
  let stand: Stand;
  let network: string;
  before(async () => {
    stand = await startStand();
    const { location } = stand;
    network = `${stand.groupPath}/providers/Microsoft.Network`;
    const properties = { addressSpace: { addressPrefixes: ["10.9.0.0/16"] } };
    await put("virtualNetworks/parts", { location, properties });
  });
  after(() => stand.stop());

  const send = async (path: string, version: string, more: { method?: string; body?: object } = {}): Promise<Shown> =>
    (await stand.call(`${network}/${path}?api-version=${version}`, more, stand.administrator)).json() as Shown;
  const put = (path: string, body: object, version = "2023-09-01") => send(path, version, { method: "PUT", body });

  it("that is a subnet is being changed by what it gets or loses, and done where nothing changes", async () => {
    const addressPrefix = "10.9.1.0/24";
    const serviceEndpoints = [{ service: "Microsoft.Storage", locations: ["westeurope", "northeurope"] }];
    const stateAfter = async (properties: object) =>
      (await put("virtualNetworks/parts/subnets/one", { properties: { addressPrefix, ...properties } })).properties
        .provisioningState;
    assert.equal(await stateAfter({}), "Updating", "it is new");
    assert.equal(await stateAfter({}), "Succeeded");
    assert.equal(await stateAfter({ serviceEndpoints }), "Updating");
    assert.equal(await stateAfter({ serviceEndpoints }), "Succeeded");
    const { properties } = await send("virtualNetworks/parts/subnets/one", "2023-09-01");
    assert.deepEqual(properties.serviceEndpoints, [{ ...serviceEndpoints[0], provisioningState: "Succeeded" }]);
    assert.equal(await stateAfter({ privateEndpointNetworkPolicies: "Enabled" }), "Updating");
    assert.equal(await stateAfter({ privateEndpointNetworkPolicies: "Enabled" }), "Succeeded");
  });

  it("that is a private endpoint shows each member from the version on that brought it", async () => {
    const { location } = stand;
    const connection = { name: "storage", properties: { privateLinkServiceId: "/storage", groupIds: ["blob"] } };
    const endpoint = { location, properties: { privateLinkServiceConnections: [connection] } };
    for (const [version, members] of [
      ["2021-02-01", []],
      ["2021-03-01", ["ipConfigurations"]],
      ["2022-07-01", ["customNetworkInterfaceName", "ipConfigurations"]],
    ] as const) {
      const written = await put("privateEndpoints/one", endpoint, version);
      const read = await send("privateEndpoints/one", version);
      for (const { properties } of [written, read]) {
        const shown = Object.keys(properties).filter((name) => /^(customNetworkInterface|ipConf)/.test(name));
        assert.deepEqual(shown.sort(), members, version);
      }
    }
  });

  it("that is a private endpoint is being changed by another connection, and done where nothing changes", async () => {
    const { location } = stand;
    const stateAfter = async (groupId: string) => {
      const connection = { name: "storage", properties: { privateLinkServiceId: "/storage", groupIds: [groupId] } };
      const properties = { privateLinkServiceConnections: [connection] };
      return (await put("privateEndpoints/two", { location, properties })).properties.provisioningState;
    };
    const states = [await stateAfter("blob"), await stateAfter("blob"), await stateAfter("file")];
    assert.deepEqual(states, ["Updating", "Succeeded", "Updating"]);
  });
});
