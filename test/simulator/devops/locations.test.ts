import assert from "node:assert/strict";
import { HandAgent } from "./hand-agent.ts";
import { openStand, type Stand } from "./stand.ts";

describe("The location service", () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await openStand();
  });
  afterEach(() => stand.close());

  const names = async (path: string): Promise<unknown[]> => {
    const { json } = await stand.call("OPTIONS", path, { apiVersion: undefined });
    return (json.value as Record<string, unknown>[]).map(({ resourceName }) => resourceName);
  };

  it("tells every location, of an area or of all, with a project or without", async () => {
    const all = await names("_apis");
    for (const name of ["pools", "agents", "ResourceAreas", "Builds"]) assert.ok(all.includes(name), name);
    assert.deepEqual(await names("Shop/_apis"), all);
    assert.deepEqual(await names("_apis/build"), ["Builds", "Timeline"]);
    assert.deepEqual(await names("Shop/_apis/build"), ["Builds", "Timeline"]);
    assert.deepEqual(await names("_apis/Location"), ["ResourceAreas", "ConnectionData"]);
    assert.deepEqual(await names("_apis/nowhere"), []);
  });

  it("gives the areas' addresses", async () => {
    const { json } = await stand.call("GET", "_apis/ResourceAreas");
    const areas = json.value as { name: string; locationUrl: string }[];
    assert.deepEqual(
      areas.map(({ name }) => name),
      ["distributedtask", "build"],
    );
    for (const { locationUrl } of areas) assert.equal(locationUrl, stand.organization.url);
  });

  it("tells an agent where everything is when it connects, once", async () => {
    const { token } = await HandAgent.online(stand);
    const connect = async (lastChangeId: number): Promise<Record<string, unknown>> => {
      const path = `_apis/connectionData?connectOptions=1&lastChangeId=${lastChangeId}&lastChangeId64=${lastChangeId}`;
      return (await stand.call("GET", path, { token })).json.locationServiceData as Record<string, unknown>;
    };
    const first = await connect(-1);
    assert.equal(first.clientCacheFresh, false);
    const definitions = first.serviceDefinitions as { identifier: string }[];
    assert.ok(definitions.some(({ identifier }) => identifier === "134e239e-2df3-4794-a6f6-24f1f19ec8dc"));
    const second = await connect(Number(first.lastChangeId));
    assert.equal(second.clientCacheFresh, true);
    assert.equal(second.serviceDefinitions, undefined);
  });

  it("knows what the simulator has no answer for: 501, naming it", async () => {
    const { status, text } = await stand.call("GET", "_apis/distributedtask/pools/1/agents/1/updates");
    assert.equal(status, 501);
    assert.match(text, /GET \/contoso\/_apis\/distributedtask\/pools\/1\/agents\/1\/updates/);
  });
});
