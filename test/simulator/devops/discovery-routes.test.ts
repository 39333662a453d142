import assert from "node:assert/strict";
import { HandAgent } from "./fixture/manual-agent.ts";
import { openStand, type Stand } from "./fixture/organization-fixture.ts";

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
    assert.deepEqual(await names("_apis/Location"), ["ConnectionData", "ResourceAreas"]);
    assert.deepEqual(await names("_apis/nowhere"), []);
  });

  it("gives the areas' addresses", async () => {
    const { json } = await stand.call("GET", "_apis/ResourceAreas");
    const areas = json.value as { name: string; locationUrl: string }[];
    for (const wanted of ["core", "distributedtask", "build", "release", "git"]) {
      assert.ok(
        areas.some(({ name }) => name === wanted),
        wanted,
      );
    }
    for (const { locationUrl } of areas) assert.equal(locationUrl, stand.organization.url);
  });

  it("gives the address of one area by its id", async () => {
    const core = "79134c72-4a58-4b42-976c-04e7115f32bf";
    const { json } = await stand.call("GET", `_apis/ResourceAreas/${core.toUpperCase()}`);
    assert.deepEqual(json, { id: core, name: "core", locationUrl: stand.organization.url });
    const unknown = await stand.call("GET", "_apis/ResourceAreas/00000000-0000-0000-0000-000000000000");
    assert.equal(unknown.status, 404);
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

  it("lets a client find an area among the definitions, and a resource of it among the others", async () => {
    const { json } = await stand.call("GET", "_apis/connectionData?connectOptions=1&lastChangeId=-1");
    const { serviceDefinitions } = json.locationServiceData as { serviceDefinitions: Record<string, unknown>[] };
    const area = serviceDefinitions.find(({ identifier }) => identifier === "a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd");
    assert.equal(area?.serviceType, "LocationService2");
    const mappings = (area?.locationMappings ?? []) as { accessMappingMoniker: string; location: string }[];
    assert.deepEqual(mappings[0], { accessMappingMoniker: "PublicAccessMapping", location: stand.organization.url });
    const sessions = serviceDefinitions.find(({ displayName }) => displayName === "sessions");
    assert.equal(sessions?.resourceVersion, 1);
    assert.equal(sessions?.relativePath, "_apis/{area}/pools/{poolId}/{resource}/{sessionId}");
  });

  it("leaves the definitions out when nobody asks for them", async () => {
    const { locationServiceData } = (await stand.call("GET", "_apis/connectionData")).json;
    assert.deepEqual(Object.keys(locationServiceData as object), [
      "serviceOwner",
      "defaultAccessMappingMoniker",
      "lastChangeId",
      "lastChangeId64",
    ]);
  });

  it("knows what the simulator has no answer for: 501, naming it", async () => {
    const { status, text } = await stand.call("GET", "_apis/distributedtask/pools/1/maintenancejobs");
    assert.equal(status, 501);
    assert.match(text, /GET \/contoso\/_apis\/distributedtask\/pools\/1\/maintenancejobs/);
  });
});
