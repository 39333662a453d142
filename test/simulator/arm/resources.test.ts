import assert from "node:assert/strict";
import type { Ask } from "../http/plain-request.ts";
import { errorOf, plainGroup, type Stand, startStand } from "./azure-fixture.ts";

const resources = "api-version=2021-04-01";
const network = "api-version=2022-01-01";

describe("what an administrator sets up", () => {
  let stand: Stand;
  let subscription: string;
  before(async () => {
    stand = await startStand();
    subscription = `/subscriptions/${stand.arm.subscriptionId}`;
  });
  after(() => stand.stop());

  const call = (path: string, options?: Ask) => stand.call(path, options, stand.administrator);
  const put = (path: string, body: object) => call(path, { method: "PUT", body });

  it("begins with the subscription and its regions", async () => {
    const { value } = (await call(`/subscriptions?${resources}`)).json() as { value: { subscriptionId: string }[] };
    assert.deepEqual(
      value.map(({ subscriptionId }) => subscriptionId),
      [stand.arm.subscriptionId],
    );
    assert.equal((await call(`${subscription}?${resources}`)).status, 200);
    assert.match((await call(`${subscription}/locations?${resources}`)).text, /"westeurope"/);
  });

  it("may be a resource group, which keeps its place and takes everything in it along", async () => {
    const path = `${subscription}/resourceGroups/rg-new?${resources}`;
    assert.equal((await call(path, { method: "HEAD" })).status, 404);
    assert.equal((await put(path, { location: "West Europe", tags: { a: "b" } })).status, 201);
    assert.equal((await put(path, { location: "westeurope" })).status, 200);
    assert.equal(errorOf(await put(path, { location: "northeurope" })).code, "InvalidResourceGroupLocation");
    assert.equal((await call(path, { method: "HEAD" })).status, 204);
    const group = `${subscription}/resourceGroups/rg-new/providers/Microsoft.ContainerInstance/containerGroups/inside?api-version=2023-05-01`;
    assert.equal((await put(group, plainGroup(stand))).status, 201);
    const { running } = await stand.arm
      .containerGroup("inside")
      .when(({ state }) => state === "Running")
      .then(() => stand.arm.containerGroup("inside").deployment);
    const deletion = await call(path, { method: "DELETE" });
    assert.equal(deletion.status, 202);
    const operation = new URL(String(deletion.headers.location));
    const again = await call(path, { method: "DELETE" });
    assert.equal(again.headers.location, operation.href, "it is under way already");
    while ((await call(operation.pathname + operation.search)).status === 202);
    assert.deepEqual(await running?.exited, { exitCode: 137 });
    assert.deepEqual(stand.arm.containerGroups(), []);
    assert.equal((await call(path)).status, 404);
  });

  it("may be a network with subnets, which a PUT without them would take away", async () => {
    const path = `${subscription}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-new`;
    const space = { addressSpace: { addressPrefixes: ["10.1.0.0/16"] } };
    const subnets = [{ name: "first", properties: { addressPrefix: "10.1.1.0/24" } }];
    assert.equal(
      (await put(`${path}?${network}`, { location: "westeurope", properties: { ...space, subnets } })).status,
      201,
    );
    const second = { properties: { addressPrefixes: ["10.1.2.0/24"], natGateway: { id: "/nat" } } };
    assert.equal((await put(`${path}/subnets/second?${network}`, second)).status, 201);
    const read = (await call(`${path}?${network}`)).json() as {
      location: string;
      properties: { subnets: { name: string }[] };
    };
    assert.deepEqual(
      [read.location, read.properties.subnets.map(({ name }) => name)],
      ["westeurope", ["first", "second"]],
    );
    const subnet = (await call(`${path}/subnets/SECOND?${network}`)).json() as { id: string; properties: object };
    assert.equal(subnet.id, `${path}/subnets/second`);
    assert.deepEqual(
      [Reflect.get(subnet.properties, "natGateway"), Reflect.get(subnet.properties, "delegations")],
      [{ id: "/nat" }, []],
    );
    assert.equal(errorOf(await call(`${path}/subnets/third?${network}`)).code, "NotFound");
    assert.equal((await put(`${path}/subnets/third?${network}`, { properties: {} })).status, 400);
    assert.equal((await put(`${path}?${network}`, { location: "westeurope", properties: space })).status, 200);
    assert.equal((await call(`${path}/subnets/first?${network}`)).status, 404);
    assert.match(
      (await call(`${subscription}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks?${network}`))
        .text,
      /vnet-new/,
    );
    assert.equal((await call(`${path}?${network}`, { method: "DELETE" })).status, 202);
    assert.equal(errorOf(await call(`${path}?${network}`)).code, "ResourceNotFound");
  });

  it("includes registering a provider, without which no container group is made", async () => {
    const path = `${subscription}/providers/Microsoft.ContainerInstance`;
    stand.arm.providers.unregister("Microsoft.ContainerInstance");
    assert.match((await call(`${path}?${resources}`)).text, /"registrationState":"NotRegistered"/);
    const refused = await stand.put("unregistered", plainGroup(stand));
    assert.deepEqual([refused.status, errorOf(refused).code], [409, "MissingSubscriptionRegistration"]);
    assert.match(errorOf(refused).message, /namespace 'Microsoft.ContainerInstance'/);
    const begun = await call(`${path}/register?${resources}`, { method: "POST" });
    assert.match(begun.text, /"registrationState":"Registering"/);
    assert.match((await call(`${path}?${resources}`)).text, /"registrationState":"Registered"/);
    assert.equal((await stand.put("registered", plainGroup(stand))).status, 201);
    const unknown = await call(`${subscription}/providers/Contoso.Shop?${resources}`);
    assert.deepEqual([unknown.status, errorOf(unknown).code], [404, "InvalidResourceNamespace"]);
  });

  it("may be any other resource: kept as it was put, with what ARM adds", async () => {
    const type = "Microsoft.Network/routeTables";
    const base = `${stand.groupPath}/providers/${type}`;
    const path = `${base}/puller?${network}`;
    assert.equal(errorOf(await call(path)).code, "ResourceNotFound");
    const made = await put(path, { location: "West Europe", tags: { a: "b" }, properties: { kept: true } });
    assert.equal(made.status, 201);
    const resource = {
      id: `${base}/puller`,
      name: "puller",
      type,
      location: "westeurope",
      tags: { a: "b" },
      properties: { kept: true, provisioningState: "Succeeded" },
    };
    assert.deepEqual(made.json(), resource);
    assert.deepEqual((await call(path.replace("puller", "PULLER"))).json(), resource);
    const list = await call(`${base}?${network}`);
    assert.deepEqual(list.json(), { value: [resource] });
    assert.equal((await call(path, { method: "DELETE" })).status, 200);
    assert.equal((await call(path, { method: "DELETE" })).status, 204);
  });

  it("may be changed in part, and is refused where its service would refuse it", async () => {
    const path = `${stand.groupPath}/providers/Microsoft.Network/routeTables/changed?${network}`;
    await put(path, { location: "westeurope", tags: { a: "1" }, properties: { kept: 1, changed: 1 } });
    const patched = await call(path, { method: "PATCH", body: { properties: { changed: 2 }, tags: { b: "2" } } });
    const { tags, properties } = patched.json() as { tags: object; properties: object };
    assert.deepEqual([tags, properties], [{ b: "2" }, { kept: 1, changed: 2, provisioningState: "Succeeded" }]);
    const nowhere = `${stand.groupPath}/providers/Microsoft.Network/natGateways/nat?${network}`;
    assert.equal(errorOf(await put(nowhere, { sku: { name: "Standard" } })).code, "LocationRequired");
  });

  it("may be a managed identity, which gets a principal in the tenant, and loses it when it is deleted", async () => {
    const path = `${stand.groupPath}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-new?api-version=2023-01-31`;
    const made = await put(path, { location: "westeurope" });
    assert.equal(made.status, 201);
    const { properties } = made.json() as { properties: Record<string, string> };
    assert.equal(properties.tenantId, stand.entra.tenantId);
    assert.equal(stand.entra.directory.find(properties.clientId ?? "")?.objectId, properties.principalId);
    const again = (await put(path, { location: "westeurope" })).json() as { properties: object };
    assert.deepEqual(again.properties, properties, "the same principal");
    await call(path, { method: "DELETE" });
    assert.equal(stand.entra.directory.find(properties.clientId ?? ""), undefined);
  });

  it("may be a container registry, with an address of its own", async () => {
    const path = `${stand.groupPath}/providers/Microsoft.ContainerRegistry/registries/NewRegistry?api-version=2023-07-01`;
    assert.equal((await put(path, { location: "westeurope" })).status, 400, "it needs a sku");
    const made = await put(path, { location: "westeurope", sku: { name: "Basic" } });
    const { properties } = made.json() as { properties: Record<string, unknown> };
    assert.deepEqual([made.status, properties.loginServer], [201, "newregistry.azurecr.io"]);
    assert.equal(properties.publicNetworkAccess, "Enabled");
  });

  it("may be a storage account, whose clients follow its making, and ask for its keys", async () => {
    const path = `${stand.groupPath}/providers/Microsoft.Storage/storageAccounts/files`;
    const body = { location: "westeurope", sku: { name: "Standard_LRS" }, kind: "StorageV2" };
    const made = await put(`${path}?api-version=2022-09-01`, body);
    assert.deepEqual([made.status, made.text], [202, ""]);
    const { pathname, search } = new URL(String(made.headers.location));
    const looks = [await call(pathname + search), await call(pathname + search)];
    assert.deepEqual(
      looks.map(({ status }) => status),
      [202, 200],
    );
    assert.match(looks[1]?.text ?? "", /"blob":"https:\/\/files\.blob\.core\.windows\.net\/"/);
    const keys = await call(`${path}/listKeys?api-version=2022-09-01`, { method: "POST" });
    assert.match(keys.text, /"keyName":"key1","value":"[A-Za-z0-9+/]{86}=="/);
    const denied = await stand.call(`${path}/listKeys?api-version=2022-09-01`, { method: "POST" });
    assert.match(errorOf(denied).message, /action 'Microsoft\.Storage\/storageAccounts\/listKeys\/action'/);
    const unknown = await call(`${path}/failover?api-version=2022-09-01`, { method: "POST" });
    assert.equal(unknown.status, 501);
  });
});

describe("a list of all resources", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  const list = async (query: string, principal = stand.administrator) => {
    const path = `/subscriptions/${stand.arm.subscriptionId}${query}${resources}`;
    const { value } = (await stand.call(path, {}, principal)).json() as { value: { name: string; type: string }[] };
    return value.map(({ type, name }) => `${type}/${name}`).sort();
  };

  it("has those of every type, by type or by group", async () => {
    await stand.put("listed", plainGroup(stand));
    const group = "Microsoft.ContainerInstance/containerGroups/listed";
    const all = await list("/resources?");
    for (const each of [group, "Microsoft.Network/virtualNetworks/vnet-shop"])
      assert.ok(all.includes(each), all.join());
    const filter = encodeURIComponent("resourceType eq 'Microsoft.ContainerRegistry/registries'");
    const registries = ["contosoagents", "contosoprivate"].map(
      (name) => `Microsoft.ContainerRegistry/registries/${name}`,
    );
    assert.deepEqual(await list(`/resources?$filter=${filter}&`), registries);
    assert.deepEqual(await list("/resourceGroups/rg-registry/resources?"), registries);
    const ofGroup = encodeURIComponent("resourceGroup eq 'rg-registry'");
    assert.deepEqual(await list(`/resources?$filter=${ofGroup}&`), registries);
  });

  it("shows its reader what that may read", async () => {
    assert.deepEqual(
      (await list("/resources?", stand.deployer)).filter((each) => !each.includes("/containerGroups/")),
      ["Microsoft.Network/virtualNetworks/vnet-shop"],
    );
  });
});

describe("a client of a custom cloud", () => {
  it("learns from ARM where to sign in, in the older form and in the newer", async () => {
    const stand = await startStand();
    try {
      const endpoints = async (version: string) =>
        (await stand.call(`/metadata/endpoints?api-version=${version}`)).json() as Record<string, unknown>;
      const older = await endpoints("2015-01-01");
      assert.deepEqual(older.authentication, { loginEndpoint: stand.authority, audiences: [stand.armOrigin] });
      const { authentication, resourceManager, suffixes } = await endpoints("2022-09-01");
      assert.deepEqual(
        [resourceManager, Reflect.get(Object(authentication), "loginEndpoint"), typeof suffixes],
        [stand.armOrigin, `${stand.authority}/adfs`, "object"],
      );
    } finally {
      await stand.stop();
    }
  });
});
