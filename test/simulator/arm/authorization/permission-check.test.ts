import assert from "node:assert/strict";
import { Access } from "../../../../simulator/arm/authorization/permission-check.ts";
import { shippedRoles } from "../../../../simulator/arm/authorization/shipped-roles.ts";
import { apiVersion, errorOf, plainGroup, type Stand, startStand } from "../azure-fixture.ts";

const network = "api-version=2024-05-01";
const resources = "api-version=2021-04-01";

describe("rights", () => {
  it("hold at their scope and below, and nowhere else", () => {
    const access = new Access();
    access.assign({
      principalId: "p",
      role: { Name: "r", Actions: ["A/read"] },
      scope: "/subscriptions/S/resourceGroups/rg",
    });
    assert.ok(access.allows("p", "a/READ", "/subscriptions/s/resourcegroups/RG/providers/N/t/n"));
    assert.ok(access.allows("p", "A/read", "/subscriptions/S/resourceGroups/rg/"));
    assert.ok(!access.allows("p", "A/read", "/subscriptions/S/resourceGroups/rg-2"));
    assert.ok(!access.allows("p", "A/read", "/subscriptions/S"));
    assert.ok(!access.allows("p", "A/write", "/subscriptions/S/resourceGroups/rg"));
    assert.ok(!access.allows("q", "A/read", "/subscriptions/S/resourceGroups/rg"));
  });

  it("may have wildcards, and exceptions", () => {
    const access = new Access();
    const role = { Name: "r", Actions: ["Microsoft.X/*/read", "*/write"], NotActions: ["Microsoft.Secret/*"] };
    const take = access.assign({ principalId: "p", role, scope: "/" });
    assert.ok(access.allows("p", "Microsoft.X/a/b/read", "/subscriptions/S"));
    assert.ok(access.allows("p", "Microsoft.Y/a/write", "/subscriptions/S"));
    assert.ok(access.allows("p", "Microsoft.X/read", "/subscriptions/S"), "as Managed Identity Operator needs it");
    assert.ok(!access.allows("p", "Microsoft.Xread", "/subscriptions/S"));
    assert.ok(!access.allows("p", "MicrosoftAX/a/read", "/subscriptions/S"));
    assert.ok(!access.allows("p", "Microsoft.Secret/a/write", "/subscriptions/S"));
    take();
    assert.ok(!access.allows("p", "Microsoft.Y/a/write", "/subscriptions/S"));
  });
});

describe("the product's service principal", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  const vnetOf = () => stand.subnetId.replace(/\/subnets\/.*/, "");

  it("can do what its roles say, each action being needed for one request", async () => {
    const requests: [number, string, string][] = [
      [201, "PUT", `${stand.groupsPath}/needed?${apiVersion}`],
      [200, "GET", `${stand.groupsPath}/needed?${apiVersion}`],
      [200, "GET", `${stand.groupsPath}?${apiVersion}`],
      [200, "GET", `${stand.groupsPath}/needed/containers/agent/logs?${apiVersion}`],
      [204, "POST", `${stand.groupsPath}/needed/stop?${apiVersion}`],
      [200, "DELETE", `${stand.groupsPath}/needed?${apiVersion}`],
      [200, "GET", `${stand.groupPath}?${resources}`],
      [200, "GET", `${vnetOf()}?${network}`],
    ];
    for (const [status, method, path] of requests) {
      const answer = await stand.call(path, { method, ...(method === "PUT" && { body: plainGroup(stand) }) });
      assert.equal(answer.status, status, `${method} ${path}: ${answer.text}`);
      if (method === "PUT") await stand.arm.containerGroup("needed").when(({ state }) => state === "Running");
    }
  });

  const forbidden: [string, string, () => string, string, () => string][] = [
    [
      "start a group",
      "POST",
      () => `${stand.groupsPath}/g/start?${apiVersion}`,
      "Microsoft.ContainerInstance/containerGroups/start/action",
      () => `${stand.groupsPath}/g`,
    ],
    [
      "list all groups of the subscription",
      "GET",
      () =>
        `/subscriptions/${stand.arm.subscriptionId}/providers/Microsoft.ContainerInstance/containerGroups?${apiVersion}`,
      "Microsoft.ContainerInstance/containerGroups/read",
      () => `/subscriptions/${stand.arm.subscriptionId}`,
    ],
    [
      "restart a group",
      "POST",
      () => `${stand.groupsPath}/g/restart?${apiVersion}`,
      "Microsoft.ContainerInstance/containerGroups/restart/action",
      () => `${stand.groupsPath}/g`,
    ],
    [
      "read the subnet by itself",
      "GET",
      () => `${stand.subnetId}?${network}`,
      "Microsoft.Network/virtualNetworks/subnets/read",
      () => stand.subnetId,
    ],
    [
      "change the subnet",
      "PUT",
      () => `${stand.subnetId}?${network}`,
      "Microsoft.Network/virtualNetworks/subnets/write",
      () => stand.subnetId,
    ],
    [
      "delete the network",
      "DELETE",
      () => `${vnetOf()}?${network}`,
      "Microsoft.Network/virtualNetworks/delete",
      () => vnetOf(),
    ],
    [
      "read another resource group",
      "GET",
      () => `/subscriptions/${stand.arm.subscriptionId}/resourceGroups/rg-network?${resources}`,
      "Microsoft.Resources/subscriptions/resourceGroups/read",
      () => `/subscriptions/${stand.arm.subscriptionId}/resourceGroups/rg-network`,
    ],
    [
      "delete its resource group",
      "DELETE",
      () => `${stand.groupPath}?${resources}`,
      "Microsoft.Resources/subscriptions/resourceGroups/delete",
      () => stand.groupPath,
    ],
    [
      "register a provider",
      "POST",
      () => `/subscriptions/${stand.arm.subscriptionId}/providers/Microsoft.ContainerInstance/register?${resources}`,
      "Microsoft.ContainerInstance/register/action",
      () => `/subscriptions/${stand.arm.subscriptionId}`,
    ],
    [
      "make anything else",
      "PUT",
      () => `${stand.groupPath}/providers/Microsoft.Storage/storageAccounts/a?${resources}`,
      "Microsoft.Storage/storageAccounts/write",
      () => `${stand.groupPath}/providers/Microsoft.Storage/storageAccounts/a`,
    ],
  ];
  for (const [what, method, path, action, scope] of forbidden) {
    it(`cannot ${what}, and is told the action and the scope`, async () => {
      const answer = await stand.call(path(), { method, ...(method === "PUT" && { body: {} }) });
      assert.deepEqual([answer.status, errorOf(answer).code], [403, "AuthorizationFailed"]);
      const { message } = errorOf(answer);
      assert.ok(
        message.startsWith(`The client '${stand.deployer.appId}' with object id '${stand.deployer.objectId}' `),
      );
      assert.ok(message.includes(`perform action '${action}' over scope '${scope()}'`), message);
    });
  }

  it("sees its own resource group in the list, not the others", async () => {
    const list = await stand.call(`/subscriptions/${stand.arm.subscriptionId}/resourceGroups?${resources}`);
    const { value } = list.json() as { value: { name: string }[] };
    assert.deepEqual(
      value.map(({ name }) => name),
      [stand.resourceGroup],
    );
  });

  it("can do nothing once its roles are taken back", async () => {
    const other = await startStand();
    try {
      other.arm.access.revoke(other.deployer.objectId);
      assert.equal((await other.put("revoked", plainGroup(other))).status, 403);
      const subscriptions = await other.call(`/subscriptions?${resources}`);
      assert.deepEqual((subscriptions.json() as { value: object[] }).value, []);
    } finally {
      await other.stop();
    }
  });
});

describe("the roles of the product's service principal", () => {
  const { containerGroups, network: onNetwork } = shippedRoles("11111111-1111-1111-1111-111111111111");

  it("are those that the samples ship, filled in for the subscription", () => {
    for (const role of [containerGroups, onNetwork]) {
      assert.deepEqual(role.AssignableScopes, ["/subscriptions/11111111-1111-1111-1111-111111111111"]);
      assert.ok(role.Description);
    }
    assert.ok(containerGroups.Actions.includes("Microsoft.ContainerInstance/containerGroups/write"));
    assert.ok(onNetwork.Actions.includes("Microsoft.Network/virtualNetworks/subnets/join/action"));
  });

  it("name every action in full", () => {
    for (const { Actions, NotActions } of [containerGroups, onNetwork]) {
      assert.deepEqual(NotActions, []);
      for (const action of Actions) assert.match(action, /^Microsoft\.[A-Za-z/]+$/);
    }
  });

  it("are not assigned with anything besides", async () => {
    const stand = await startStand();
    try {
      const assigned = stand.arm.access.of(stand.deployer.objectId).map(({ role }) => role.Name);
      assert.deepEqual(assigned, [containerGroups.Name, onNetwork.Name]);
    } finally {
      await stand.stop();
    }
  });
});
