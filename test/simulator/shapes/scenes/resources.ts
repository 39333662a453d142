// Requests about other resources whose answers are compared with recordings.
import { randomUUID } from "node:crypto";
import type { Stand } from "../../arm/azure-fixture.ts";
import type { Answer } from "../../http/plain-request.ts";
import type { Looks } from "../looks.ts";

const versions: readonly (readonly [type: RegExp, version: string])[] = [
  [/Microsoft\.ContainerRegistry/, "2023-07-01"],
  [/Microsoft\.Storage/, "2023-01-01"],
  [/Microsoft\.ManagedIdentity/, "2023-01-31"],
  [/Microsoft\.Authorization/, "2022-04-01"],
  [/./, "2022-09-01"],
];

/** Everything else that the set-up scripts make: groups, identities, roles, a registry, a storage account. */
export async function resources(stand: Stand, looks: Looks): Promise<void> {
  const { location } = stand;
  const subscription = `/subscriptions/${stand.arm.subscriptionId}`;
  const groupPath = `${subscription}/resourceGroups/rg-shaped`;
  const call = (method: string, path: string, body?: object): Promise<Answer> => {
    const version = versions.find(([type]) => type.test(path))?.[1] ?? "";
    const query = `${path.includes("?") ? "&" : "?"}api-version=${version}`;
    return stand.call(path + query, { method, ...(body && { body }) }, stand.administrator);
  };

  await looks.at("PUT {rg} 201 Succeeded", call("PUT", groupPath, { location }));
  await looks.at("PUT {rg} 200 Succeeded", call("PUT", groupPath, { location }));
  await looks.at("GET {rg} 200 Succeeded", call("GET", groupPath));
  await looks.at("GET {rg} 404 error:ResourceGroupNotFound", call("GET", `${groupPath}x`));
  await looks.at("HEAD {rg} 204", call("HEAD", groupPath));
  await looks.at("HEAD {rg} 404", call("HEAD", `${groupPath}x`));
  await looks.at("PATCH {rg} 200 Succeeded", call("PATCH", groupPath, { tags: { Team: "blue" } }));
  await looks.at("GET {sub}/providers/* 200", call("GET", `${subscription}/providers/Microsoft.ContainerInstance`));
  await looks.at(
    "POST {sub}/providers/*/register 200",
    call("POST", `${subscription}/providers/Microsoft.ContainerInstance/register`),
  );

  const identities = `${groupPath}/providers/Microsoft.ManagedIdentity/userAssignedIdentities`;
  const identity = "{rg}/Microsoft.ManagedIdentity/userAssignedIdentities/*";
  await looks.at(`PUT ${identity} 201`, call("PUT", `${identities}/id-shaped`, { location }));
  const again = await looks.at(`PUT ${identity} 200`, call("PUT", `${identities}/id-shaped`, { location }));
  await looks.at(`GET ${identity} 200`, call("GET", `${identities}/id-shaped`));
  await looks.at(identity.replace("/*", " 200").replace("{rg}", "GET {rg}"), call("GET", identities));
  await looks.at(`GET ${identity} 404 error:ResourceNotFound`, call("GET", `${identities}/none`));

  const { principalId } = (again.json() as { properties: { principalId: string } }).properties;
  await roles(`${groupPath}/providers/Microsoft.Authorization`, principalId, groupPath, looks, call);

  const registries = `${groupPath}/providers/Microsoft.ContainerRegistry/registries`;
  const registry = "{rg}/Microsoft.ContainerRegistry/registries/*";
  const premium = { location, sku: { name: "Premium" }, properties: { adminUserEnabled: true } };
  await looks.at(`PUT ${registry} 201 Creating`, call("PUT", `${registries}/shapedregistry`, premium));
  await looks.at(`GET ${registry} 200 Succeeded`, call("GET", `${registries}/shapedregistry`));
  await looks.at(registry.replace("/*", " 200").replace("{rg}", "GET {rg}"), call("GET", registries));
  const change = { properties: { publicNetworkAccess: "Disabled" } };
  await looks.at(`PATCH ${registry} 200 Succeeded`, call("PATCH", `${registries}/shapedregistry`, change));
  await looks.at(
    `POST ${registry}/listCredentials 200`,
    call("POST", `${registries}/shapedregistry/listCredentials`, {}),
  );
  const basic = { location, sku: { name: "Basic" }, properties: { adminUserEnabled: false } };
  await call("PUT", `${registries}/basicregistry`, basic);
  await looks.at(`PUT ${registry} 200 Succeeded`, call("PUT", `${registries}/basicregistry`, basic));
  await looks.at(`DELETE ${registry} 200`, call("DELETE", `${registries}/shapedregistry`));

  const accounts = `${groupPath}/providers/Microsoft.Storage/storageAccounts`;
  const account = "{rg}/Microsoft.Storage/storageAccounts/*";
  const plain = { location, kind: "StorageV2", sku: { name: "Standard_LRS" }, properties: {} };
  await looks.at(`PUT ${account} 202`, call("PUT", `${accounts}/shapedaccount`, plain));
  await looks.at(`GET ${account} 200 Succeeded`, call("GET", `${accounts}/shapedaccount`));
  await looks.at(`PUT ${account} 200 Succeeded`, call("PUT", `${accounts}/shapedaccount`, plain));
  await looks.at(`POST ${account}/listKeys 200`, call("POST", `${accounts}/shapedaccount/listKeys`, {}));
  await looks.at(`GET ${account} 404 error:ResourceNotFound`, call("GET", `${accounts}/none`));
  const secure = { properties: { minimumTlsVersion: "TLS1_2" } };
  await looks.at(`PATCH ${account} 200 Succeeded`, call("PATCH", `${accounts}/shapedaccount`, secure));
  const nowhere = `${subscription}/resourceGroups/none/providers`;
  for (const type of [
    "Microsoft.ManagedIdentity/userAssignedIdentities",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.ContainerRegistry/registries",
    "Microsoft.Network/virtualNetworks",
  ]) {
    const key = `{rg}/${type}/* 404 error:ResourceGroupNotFound`;
    await looks.at(`DELETE ${key}`, call("DELETE", `${nowhere}/${type}/shaped`));
  }
  await looks.at(
    `GET ${account} 404 error:ResourceGroupNotFound`,
    call("GET", `${nowhere}/Microsoft.Storage/storageAccounts/shaped`),
  );
  await blobContainers(`${accounts}/shapedaccount`, looks, call);
  await looks.at("GET {sub}/resources 200", call("GET", `${subscription}/resources`));
  await looks.at(`DELETE ${account} 200`, call("DELETE", `${accounts}/shapedaccount`));
  await looks.at(`DELETE ${identity} 200`, call("DELETE", `${identities}/id-shaped`));
  await looks.at("DELETE {rg} 202", call("DELETE", groupPath));
}

async function blobContainers(
  account: string,
  looks: Looks,
  call: (method: string, path: string, body?: object) => Promise<Answer>,
): Promise<void> {
  const key = "{rg}/Microsoft.Storage/storageAccounts/*/blobServices/*/containers/*";
  const containers = `${account}/blobServices/default/containers`;
  const metadata = { properties: { metadata: { tag1: "blue" } } };
  await looks.at(`GET ${key} 404 error:ContainerNotFound`, call("GET", `${containers}/shaped`));
  await looks.at(`PUT ${key} 201`, call("PUT", `${containers}/shaped`, { properties: {} }));
  await looks.at(`GET ${key} 200`, call("GET", `${containers}/shaped`));
  await looks.at(`PUT ${key} 200`, call("PUT", `${containers}/shaped`, metadata));
  await looks.at(`DELETE ${key} 200`, call("DELETE", `${containers}/shaped`));
}

async function roles(
  path: string,
  principalId: string,
  scope: string,
  looks: Looks,
  call: (method: string, path: string, body?: object) => Promise<Answer>,
): Promise<void> {
  const type = "{scope}/providers/Microsoft.Authorization";
  const [definition, assignment] = [randomUUID(), randomUUID()];
  const permissions = [{ actions: ["Microsoft.Network/virtualNetworks/read"], notActions: [] }];
  const role = {
    properties: { roleName: `Shaped ${definition}`, type: "CustomRole", assignableScopes: [scope], permissions },
  };
  const roleDefinitionId = `${path}/roleDefinitions/${definition}`;
  await looks.at(`PUT ${type}/roleDefinitions/* 201`, call("PUT", roleDefinitionId, role));
  await looks.at(`GET ${type}/roleDefinitions/* 200`, call("GET", roleDefinitionId));
  await looks.at(
    `GET ${type}/roleDefinitions 200`,
    call("GET", `${path}/roleDefinitions?$filter=${encodeURIComponent("roleName eq 'Contributor'")}`),
  );
  await looks.at(
    `GET ${type}/roleDefinitions/* 404 error:RoleDefinitionDoesNotExist`,
    call("GET", `${path}/roleDefinitions/${randomUUID()}`),
  );
  const given = { properties: { roleDefinitionId, principalId, principalType: "ServicePrincipal" } };
  const assigned = `${path}/roleAssignments/${assignment}`;
  const stranger = { properties: { ...given.properties, principalId: randomUUID() } };
  await looks.at(`PUT ${type}/roleAssignments/* 400 error:PrincipalNotFound`, call("PUT", assigned, stranger));
  await looks.at(`PUT ${type}/roleAssignments/* 201`, call("PUT", assigned, given));
  await looks.at(`GET ${type}/roleAssignments/* 200`, call("GET", assigned));
  await looks.at(
    `GET ${type}/roleAssignments 200`,
    call("GET", `${path}/roleAssignments?$filter=${encodeURIComponent("atScope()")}`),
  );
  await looks.at(`GET ${type}/permissions 200`, call("GET", `${path}/permissions`));
  await looks.at(`DELETE ${type}/roleAssignments/* 200`, call("DELETE", assigned));
  await looks.at(`DELETE ${type}/roleAssignments/* 204`, call("DELETE", assigned));
  await looks.at(
    `GET ${type}/roleAssignments/* 404 error:RoleAssignmentNotFound`,
    call("GET", `${path}/roleAssignments/${randomUUID()}`),
  );
  await looks.at(`DELETE ${type}/roleDefinitions/* 200`, call("DELETE", roleDefinitionId));
  await looks.at(`DELETE ${type}/roleDefinitions/* 204`, call("DELETE", roleDefinitionId));
}
