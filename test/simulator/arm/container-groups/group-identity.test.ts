import assert from "node:assert/strict";
import { acrPull, managedIdentityOperator } from "../../../../simulator/arm/authorization/built-in-roles.ts";
import type { ContainerGroup } from "../../../../simulator/containers/container-group.ts";
import { apiVersion, errorOf, plainGroup, type Stand, startStand } from "../azure-fixture.ts";

const resources = "api-version=2023-01-31";

describe("a container group's identities", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
    const { objectId: principalId } = stand.deployer;
    stand.arm.access.assign({ principalId, role: managedIdentityOperator, scope: stand.groupPath });
  });
  after(() => stand.stop());

  const userAssigned = (id: string) => ({ type: "UserAssigned", userAssignedIdentities: { [id]: {} } });

  async function newIdentity(name: string): Promise<string> {
    const id = `${stand.groupPath}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`;
    const options = { method: "PUT", body: { location: stand.location } };
    await stand.call(`${id}?${resources}`, options, stand.administrator);
    return id;
  }

  const pulling = (image: string, identity: string) => {
    const server = image.slice(0, image.indexOf("/"));
    return plainGroup(
      stand,
      { imageRegistryCredentials: [{ server, identity }] },
      { image },
      { identity: userAssigned(identity) },
    );
  };
  const settled = ({ deployment }: ContainerGroup) => ["Succeeded", "Failed"].includes(deployment.provisioningState);

  it("are shown with their principals", async () => {
    const id = await newIdentity("id-shown");
    const answer = await stand.put("shown", plainGroup(stand, {}, {}, { identity: userAssigned(id) }));
    const { identity } = answer.json() as { identity: object };
    const principal = stand.arm.identities.find(id);
    assert.deepEqual(identity, {
      type: "UserAssigned",
      userAssignedIdentities: { [id]: { principalId: principal?.objectId, clientId: principal?.appId } },
    });
  });

  it("must exist", async () => {
    const id = `${stand.groupPath}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-nowhere`;
    const answer = await stand.put("nowhere", plainGroup(stand, {}, {}, { identity: userAssigned(id) }));
    assert.deepEqual([answer.status, errorOf(answer).code], [400, "FailedIdentityOperation"]);
    assert.ok(errorOf(answer).message.includes(`Resource '${id}' was not found`));
  });

  for (const registry of ["registry", "privateRegistry"] as const) {
    it(`pull from the ${registry === "registry" ? "open registry" : "one behind a private endpoint"}`, async () => {
      const name = `pulls-${registry.toLowerCase()}`;
      const image = registry === "registry" ? stand.registry.privateImage : stand.privateRegistry.image;
      const answer = await stand.put(name, pulling(image, stand.pullIdentityId));
      assert.equal(answer.status, 201, answer.text);
      await stand.arm.containerGroup(name).when(settled);
      assert.equal(stand.arm.containerGroup(name).deployment.provisioningState, "Succeeded");
    });
  }

  it("are found out to have no right only when the image is pulled, as the events tell", async () => {
    const id = await newIdentity("id-without-role");
    const answer = await stand.put("unauthorized", pulling(stand.registry.privateImage, id));
    assert.equal(answer.status, 201, answer.text);
    const group = stand.arm.containerGroup("unauthorized");
    await group.when(settled);
    assert.equal(group.deployment.provisioningState, "Failed");
    const read = (await stand.call(`${stand.groupsPath}/unauthorized?${apiVersion}`)).text;
    assert.match(read, /"name":"Failed","message":"Failed to pull image .*401 Unauthorized: authentication required"/);
  });

  it("are told of an image that is not there, unlike those without a right", async () => {
    const missing = stand.registry.privateImage.replace(/:[^:]*$/, ":no-such-tag");
    await stand.put("missing", pulling(missing, stand.pullIdentityId));
    const group = stand.arm.containerGroup("missing");
    await group.when(settled);
    const { events } = JSON.parse((await stand.call(`${stand.groupsPath}/missing?${apiVersion}`)).text).properties
      .containers[0].properties.instanceView;
    const [{ message }] = events.filter(({ name }: { readonly name: string }) => name === "Failed");
    assert.match(message, /^Failed to pull image .*:no-such-tag: not found$/);
  });

  it("pull once the right is there", async () => {
    const id = await newIdentity("id-with-role");
    const principalId = stand.arm.identities.find(id)?.objectId ?? "";
    stand.arm.access.assign({ principalId, role: acrPull, scope: `/subscriptions/${stand.arm.subscriptionId}` });
    await stand.put("authorized", pulling(stand.registry.privateImage, id));
    await stand.arm.containerGroup("authorized").when(settled);
    assert.equal(stand.arm.containerGroup("authorized").deployment.provisioningState, "Succeeded");
  });

  it("are the only way to a registry behind a private endpoint", async () => {
    const { image, server } = stand.privateRegistry;
    const { appId: username, secret: password } = stand.puller;
    const imageRegistryCredentials = [{ server, username, password }];
    const answer = await stand.put("outside", plainGroup(stand, { imageRegistryCredentials }, { image }));
    assert.deepEqual([answer.status, errorOf(answer).code], [400, "InaccessibleImage"]);
  });

  it("give its container tokens, and no other container's", async () => {
    const id = await newIdentity("id-inside");
    const principal = stand.arm.identities.find(id);
    const ask = `curl -s -H 'Metadata: true' "$AZURE_POD_IDENTITY_AUTHORITY_HOST/metadata/identity/oauth2/token?api-version=2018-02-01&resource=${stand.armOrigin}"; sleep 1000`;
    const command = ["/bin/bash", "-c", ask];
    await stand.put("inside", plainGroup(stand, {}, { command }, { identity: userAssigned(id) }));
    await stand.put("without", plainGroup(stand, {}, { command: ["/bin/bash", "-c", "env; sleep 1000"] }));
    const log = async (name: string, wanted: RegExp): Promise<string> => {
      await stand.arm.containerGroup(name).when(({ state }) => state === "Running");
      for (;;) {
        const { text } = await stand.call(`${stand.groupsPath}/${name}/containers/agent/logs?${apiVersion}`);
        if (wanted.test(text)) return text;
      }
    };
    const told = await log("inside", /client_id|error/);
    assert.ok(told.includes(`\\"client_id\\":\\"${principal?.appId}\\"`), told);
    assert.doesNotMatch(await log("without", /PATH=/), /AZURE_POD_IDENTITY/);
  });

  it("may be the group's own, which goes with it", async () => {
    const made = await stand.put("own", plainGroup(stand, {}, {}, { identity: { type: "SystemAssigned" } }));
    const { identity, id } = made.json() as { id: string; identity: { principalId: string; tenantId: string } };
    assert.equal(identity.tenantId, stand.entra.tenantId);
    assert.equal(stand.arm.identities.find(id)?.objectId, identity.principalId);
    await stand.call(`${stand.groupsPath}/own?${apiVersion}`, { method: "DELETE" });
    assert.equal(stand.arm.identities.find(id), undefined);
  });
});

describe("the resource of a registry", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  it("has the switches that the registry heeds", async () => {
    const path = `/subscriptions/${stand.arm.subscriptionId}/resourceGroups/rg-registry/providers/Microsoft.ContainerRegistry/registries/contosoagents?api-version=2023-07-01`;
    const { server, image } = stand.registry;
    const read = await stand.call(path, {}, stand.administrator);
    assert.equal((read.json() as { properties: { loginServer: string } }).properties.loginServer, server);
    assert.ok(stand.registry.pull(image));
    const body = { properties: { publicNetworkAccess: "Disabled" } };
    assert.equal((await stand.call(path, { method: "PATCH", body }, stand.administrator)).status, 200);
    assert.equal(stand.registry.pull(image), undefined);
  });
});
