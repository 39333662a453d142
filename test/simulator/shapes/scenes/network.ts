// Requests about networks whose answers are compared with recordings.
import type { Stand } from "../../arm/azure-fixture.ts";
import type { Answer } from "../../http/plain-request.ts";
import type { Looks } from "../looks.ts";

const version = "api-version=2023-09-01";
const dnsVersion = "api-version=2020-06-01";

/** The network that the set-up scripts make, and its end. */
export async function network(stand: Stand, looks: Looks): Promise<void> {
  const { location, groupPath } = stand;
  const provider = `${groupPath}/providers/Microsoft.Network`;
  const call = (method: string, path: string, body?: object): Promise<Answer> => {
    const query = path.includes("privateDnsZones") ? dnsVersion : version;
    return stand.call(`${provider}/${path}?${query}`, { method, ...(body && { body }) }, stand.administrator);
  };
  const at = (method: string, type: string, status: string, path: string, body?: object) =>
    looks.at(`${method} {rg}/Microsoft.Network/${type} ${status}`, call(method, path, body));

  const addressSpace = { addressPrefixes: ["10.9.0.0/16"] };
  const vnet = { location, tags: {}, properties: { addressSpace, subnets: [] } };
  await at("PUT", "virtualNetworks/*", "201 Updating", "virtualNetworks/shaped", vnet);
  await at("GET", "virtualNetworks/*", "200 Succeeded", "virtualNetworks/shaped");
  const wider = { addressSpace: { addressPrefixes: ["10.9.0.0/16", "10.10.0.0/16"] }, subnets: [] };
  await at("PUT", "virtualNetworks/*", "200 Updating", "virtualNetworks/shaped", { ...vnet, properties: wider });
  await at("PUT", "virtualNetworks/*", "200 Succeeded", "virtualNetworks/shaped", { ...vnet, properties: wider });
  const serviceName = "Microsoft.ContainerInstance/containerGroups";
  const subnet = {
    properties: { addressPrefix: "10.9.1.0/24", delegations: [{ name: "aci", properties: { serviceName } }] },
  };
  const plain = { properties: { addressPrefix: "10.9.2.0/24" } };
  await call("PUT", "virtualNetworks/shaped/subnets/apps", plain);
  await at("GET", "virtualNetworks/*/subnets", "200", "virtualNetworks/shaped/subnets");
  await at("GET", "virtualNetworks", "200", "virtualNetworks");
  await at("PUT", "virtualNetworks/*/subnets/*", "201 Updating", "virtualNetworks/shaped/subnets/agents", subnet);
  await at("PUT", "virtualNetworks/*/subnets/*", "200 Succeeded", "virtualNetworks/shaped/subnets/apps", plain);
  const reaching = { properties: { ...plain.properties, serviceEndpoints: [{ service: "Microsoft.Storage" }] } };
  await at("PUT", "virtualNetworks/*/subnets/*", "200 Updating", "virtualNetworks/shaped/subnets/apps", reaching);
  await at("GET", "virtualNetworks/*/subnets/*", "200 Succeeded", "virtualNetworks/shaped/subnets/apps");
  await at("GET", "virtualNetworks/*/subnets/*", "200 Succeeded", "virtualNetworks/shaped/subnets/agents");
  await at("GET", "virtualNetworks/*", "404 error:ResourceNotFound", "virtualNetworks/none");
  await at("GET", "virtualNetworks/*/subnets/*", "404 error:ResourceNotFound", "virtualNetworks/none/subnets/x");

  const sku = { name: "Standard" };
  const address = { location, sku, properties: { publicIPAllocationMethod: "Static" } };
  await at("PUT", "publicIPAddresses/*", "201 Updating", "publicIPAddresses/pip", address);
  await at("GET", "publicIPAddresses/*", "200 Succeeded", "publicIPAddresses/pip");
  const idle = { ...address, properties: { ...address.properties, idleTimeoutInMinutes: 10 } };
  await at("PUT", "publicIPAddresses/*", "200 Updating", "publicIPAddresses/pip", idle);
  await at("GET", "publicIPAddresses", "200", "publicIPAddresses");
  await at("GET", "publicIPAddresses/*", "404 error:ResourceNotFound", "publicIPAddresses/none");
  const gateway = { location, sku, properties: { publicIpAddresses: [{ id: `${provider}/publicIPAddresses/pip` }] } };
  await at("PUT", "natGateways/*", "201 Updating", "natGateways/nat", gateway);
  await at("GET", "natGateways/*", "200 Succeeded", "natGateways/nat");
  await at("PUT", "natGateways/*", "200 Succeeded", "natGateways/nat", { ...gateway, tags: { Team: "blue" } });
  await at("GET", "natGateways/*", "404 error:ResourceNotFound", "natGateways/none");

  await at("PUT", "networkSecurityGroups/*", "201 Updating", "networkSecurityGroups/nsg", { location });
  const rule = {
    properties: {
      ...{ priority: 100, direction: "Inbound", access: "Allow", protocol: "*" },
      ...{ sourceAddressPrefix: "*", sourcePortRange: "*", destinationAddressPrefix: "*" },
      destinationPortRanges: ["443"],
    },
  };
  const rulePath = "networkSecurityGroups/nsg/securityRules/in";
  await at("PUT", "networkSecurityGroups/*/securityRules/*", "201 Updating", rulePath, rule);
  await at("GET", "networkSecurityGroups/*/securityRules/*", "200 Succeeded", rulePath);
  const other = { properties: { ...rule.properties, priority: 110 } };
  await at("PUT", "networkSecurityGroups/*/securityRules/*", "200 Updating", rulePath, other);
  await at("GET", "networkSecurityGroups/*", "200 Succeeded", "networkSecurityGroups/nsg");
  await at("PUT", "networkSecurityGroups/*", "200 Succeeded", "networkSecurityGroups/nsg", { location });
  await at("GET", "networkSecurityGroups", "200", "networkSecurityGroups");
  await at("GET", "networkSecurityGroups/*", "404 error:ResourceNotFound", "networkSecurityGroups/none");

  const zone = "privateDnsZones/privatelink.blob.core.windows.net";
  const link = `${zone}/virtualNetworkLinks/shaped`;
  const linked = { virtualNetwork: { id: `${provider}/virtualNetworks/shaped` }, registrationEnabled: false };
  await at("PUT", "privateDnsZones/*", "202", zone, { location: "global" });
  await at("GET", "privateDnsZones/*", "200 Succeeded", zone);
  await at("GET", "privateDnsZones/*", "404 error:ResourceNotFound", "privateDnsZones/none.example");
  const links = "privateDnsZones/*/virtualNetworkLinks/*";
  await at("PUT", links, "202", link, { location: "global", properties: linked });
  await at("GET", links, "200 Succeeded", link);
  await at("GET", links, "404 error:ResourceNotFound", `${zone}/virtualNetworkLinks/none`);
  await at("DELETE", "privateDnsZones/*", "409 error:CannotDeleteResource", zone);

  const endpoint = {
    location,
    properties: {
      subnet: { id: `${provider}/virtualNetworks/shaped/subnets/apps` },
      privateLinkServiceConnections: [
        {
          name: "storage",
          properties: {
            privateLinkServiceId: `${groupPath}/providers/Microsoft.Storage/storageAccounts/shaped`,
            groupIds: ["blob"],
          },
        },
      ],
    },
  };
  await at("PUT", "privateEndpoints/*", "201 Updating", "privateEndpoints/pe", endpoint);
  await at("PUT", "privateEndpoints/*", "200 Succeeded", "privateEndpoints/pe", { ...endpoint, tags: {} });
  await at("GET", "privateEndpoints/*", "200 Succeeded", "privateEndpoints/pe");
  await at("GET", "privateEndpoints/*", "404 error:ResourceNotFound", "privateEndpoints/none");
  const zones = "privateEndpoints/*/privateDnsZoneGroups/*";
  const privateDnsZoneConfigs = [{ name: "blob", properties: { privateDnsZoneId: `${provider}/${zone}` } }];
  const zoneGroup = { properties: { privateDnsZoneConfigs } };
  await at("PUT", zones, "201 Updating", "privateEndpoints/pe/privateDnsZoneGroups/default", zoneGroup);
  await at("GET", zones, "200 Succeeded", "privateEndpoints/pe/privateDnsZoneGroups/default");
  const renamed = { properties: { privateDnsZoneConfigs: [{ ...privateDnsZoneConfigs[0], name: "blobs" }] } };
  await at("PUT", zones, "200 Updating", "privateEndpoints/pe/privateDnsZoneGroups/default", renamed);

  await at("DELETE", zones, "202", "privateEndpoints/pe/privateDnsZoneGroups/default");
  await at("DELETE", "privateEndpoints/*", "202", "privateEndpoints/pe");
  await at("DELETE", links, "202", link);
  await at("DELETE", links, "204", link);
  await at("DELETE", "privateDnsZones/*", "202", zone);
  await at("DELETE", "privateDnsZones/*", "204", zone);
  await at("DELETE", "networkSecurityGroups/*/securityRules/*", "202", rulePath);
  await at("DELETE", "networkSecurityGroups/*", "202", "networkSecurityGroups/nsg");
  await at("DELETE", "natGateways/*", "202", "natGateways/nat");
  await at("DELETE", "publicIPAddresses/*", "202", "publicIPAddresses/pip");
  await at("DELETE", "virtualNetworks/*/subnets/*", "202", "virtualNetworks/shaped/subnets/agents");
  await at("DELETE", "virtualNetworks/*", "202", "virtualNetworks/shaped");
}
