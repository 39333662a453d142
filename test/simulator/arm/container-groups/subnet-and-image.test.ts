import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { apiVersion, errorOf, plainGroup, type Stand, startStand } from "../azure-fixture.ts";

const delegation = { name: "aci", properties: { serviceName: "Microsoft.ContainerInstance/containerGroups" } };
const network = "api-version=2024-05-01";

describe("the subnet of a container group", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  const inSubnet = (id: string) => plainGroup(stand, { subnetIds: [{ id }] });
  const grant = (scope: string) =>
    stand.arm.access.assign({
      principalId: stand.deployer.objectId,
      role: { Name: "Join", Actions: ["Microsoft.Network/virtualNetworks/subnets/join/action"] },
      scope,
    });

  it("must be delegated", async () => {
    const answer = await stand.put("lost", inSubnet(stand.subnetId.replace("snet-agents", "snet-apps")));
    assert.deepEqual([answer.status, errorOf(answer).code], [400, "SubnetMissingRequiredDelegation"]);
    assert.match(errorOf(answer).message, /delegation 'Microsoft.ContainerInstance' for container group 'lost'/);
  });

  it("must exist", async () => {
    const answer = await stand.put("lost", inSubnet(`${stand.subnetId}-2`));
    assert.deepEqual([answer.status, errorOf(answer).code], [400, "InvalidResourceReference"]);
  });

  it("must be in the group's subscription", async () => {
    const elsewhere = stand.subnetId.replace(stand.arm.subscriptionId, randomUUID());
    grant(elsewhere);
    const answer = await stand.put("lost", inSubnet(elsewhere));
    assert.deepEqual([answer.status, errorOf(answer).code], [400, "SubnetAndContainerGroupMustBeInSameSubscription"]);
  });

  it("must be a subnet", async () => {
    const vnet = stand.subnetId.replace(/\/subnets\/.*/, "");
    const answer = await stand.put("lost", inSubnet(vnet));
    assert.deepEqual([answer.status, errorOf(answer).code], [400, "InvalidSubnetId"]);
  });

  it("may be joined only by whoever has the right to, as ARM words it", async () => {
    const vnet = stand.subnetId.replace(/\/subnets\/.*/, "");
    const other = `${vnet.replace("vnet-shop", "vnet-other")}`;
    const properties = {
      subnets: [{ name: "snet", properties: { addressPrefixes: ["10.9.0.0/24"], delegations: [delegation] } }],
    };
    const body = { location: stand.location, properties };
    const made = await stand.call(`${other}?${network}`, { method: "PUT", body }, stand.administrator);
    assert.equal(made.status, 201);
    const answer = await stand.put("joining", inSubnet(`${other}/subnets/snet`));
    assert.deepEqual([answer.status, errorOf(answer).code], [403, "LinkedAuthorizationFailed"]);
    const { message } = errorOf(answer);
    assert.match(message, /has permission to perform action 'Microsoft.ContainerInstance\/containerGroups\/write'/);
    assert.match(message, /action\(s\) 'Microsoft.Network\/virtualNetworks\/subnets\/join\/action'/);
    assert.ok(message.includes(`linked scope(s) '${other}/subnets/snet'`));
    grant(`${other}/subnets/snet`);
    assert.equal((await stand.put("joining", inSubnet(`${other}/subnets/snet`))).status, 201);
  });

  it("takes the right to use an identity as well", async () => {
    const id = `${stand.groupPath}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/puller`;
    const identity = { type: "UserAssigned", userAssignedIdentities: { [id]: {} } };
    const answer = await stand.put("identified", plainGroup(stand, {}, {}, { identity }));
    assert.equal(errorOf(answer).code, "LinkedAuthorizationFailed");
    assert.match(errorOf(answer).message, /Microsoft.ManagedIdentity\/userAssignedIdentities\/assign\/action/);
  });

  it("is held by its groups, and by the link that they leave behind", async () => {
    const subnet = stand.subnetId;
    await stand.put("holding", plainGroup(stand));
    const remove = () => stand.call(`${subnet}?${network}`, { method: "DELETE" }, stand.administrator);
    const held = await remove();
    assert.deepEqual([held.status, errorOf(held).code], [400, "InUseSubnetCannotBeDeleted"]);
    await stand.call(`${stand.groupsPath}/holding?${apiVersion}`, { method: "DELETE" });
    assert.match(errorOf(await remove()).message, /serviceAssociationLinks\/acisal/);
    const { properties } = JSON.parse((await stand.call(`${subnet}?${network}`, {}, stand.administrator)).text);
    assert.equal(properties.serviceAssociationLinks[0].name, "acisal");
    assert.equal(properties.delegations[0].properties.serviceName, delegation.properties.serviceName);
  });

  it("is not needed: a group may do without any network", async () => {
    assert.equal((await stand.put("public", plainGroup(stand, { subnetIds: undefined }))).status, 201);
  });
});
