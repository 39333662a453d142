import assert from "node:assert/strict";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { type Broken, namesEach } from "./broken-setups.ts";
import { fault, forbidden, placement, withSubnet } from "./healthy-setup.ts";

const id = "/subscriptions/s/resourceGroups/rg-x/providers/Microsoft.Network";

const broken: readonly Broken[] = [
  [
    "a secret that Entra refuses",
    ({ azure }) => {
      azure.signIn = async () => {
        throw new ServiceFault("Microsoft Entra ID", "AADSTS7000215", "Invalid client secret.", { status: 401 });
      };
    },
    "wrong Azure sign-in",
    /secret of the service connection has expired or is wrong/,
    /AADSTS7000215/,
    /Create a new client secret/,
  ],
  [
    "a provider that is not registered",
    ({ azure }) => {
      azure.providerState = async () => "NotRegistered";
      azure.usages = async () => {
        throw fault(409, "MissingSubscriptionRegistration");
      };
    },
    "wrong provider Microsoft.ContainerInstance",
    /not registered/,
    /az provider register --namespace Microsoft.ContainerInstance --subscription 11111111/,
  ],
  [
    "a provider that is being registered",
    ({ azure }) => {
      azure.providerState = async () => "Registering";
    },
    "warning provider Microsoft.ContainerInstance",
    /az provider show/,
  ],
  [
    "a resource group that is not there",
    (setup) => {
      setup.azure.resourceGroup = async () => {
        throw fault(404, "ResourceGroupNotFound", "Resource group 'rg-agents' could not be found.");
      };
      setup.roles["/rg-agents"] = [];
    },
    "wrong resource group rg-agents",
    /does not exist/,
    /could not be found/,
    /az group create --subscription 11111111-\S+ --name rg-agents --location westeurope/,
  ],
  [
    "a subscription that is not there",
    (setup) => {
      setup.azure.resourceGroup = async () => {
        throw fault(404, "SubscriptionNotFound", "The subscription '1' could not be found.");
      };
    },
    "wrong resource group rg-agents",
    /The subscription was not found/,
    /SubscriptionNotFound: The subscription '1' could not be found/,
    /compare its subscription id/,
  ],
  [
    "a lock that keeps container groups",
    (setup) => {
      const scope = "/subscriptions/11111111-1111-1111-1111-111111111111";
      setup.locks = [{ name: "keep", level: "CanNotDelete", scope }];
    },
    "wrong locks on rg-agents",
    /keep \(CanNotDelete\) at \/subscriptions\/11111111/,
    /keeps every container group from being deleted/,
    /az lock list --subscription 11111111-\S+ shows its id; az lock delete --ids ID/,
  ],
  [
    "a resource group that shows nothing of itself",
    (setup) => {
      setup.azure.resourceGroup = async () => {
        throw forbidden("Microsoft.Resources/subscriptions/resourceGroups/read");
      };
    },
    "wrong resource group rg-agents",
    /does not exist, or may not be read/,
  ],
  [
    "a virtual network that is not there",
    (setup) => {
      setup.azure.virtualNetwork = async () => {
        throw fault(404, "ResourceNotFound");
      };
    },
    "wrong virtual network vnet",
    /does not exist/,
    /az network vnet list/,
  ],
  [
    "a subnet that is not there",
    (setup) => {
      setup.network = withSubnet({ name: "apps" });
      setup.roles["/agents"] = [];
    },
    "wrong subnet agents",
    /vnet has: apps/,
    /az network vnet subnet list/,
  ],
  [
    "a subnet that is not delegated",
    (setup) => {
      setup.network = withSubnet({ delegations: [], links: [] });
    },
    "wrong delegation of agents",
    /not delegated/,
    /az network vnet subnet update --ids \S+\/subnets\/agents --delegations Microsoft.ContainerInstance\/containerGroups/,
  ],
  [
    "a subnet that is delegated to others",
    (setup) => {
      setup.network = withSubnet({ delegations: ["Microsoft.Web/serverFarms"], links: [] });
    },
    "wrong delegation of agents",
    /delegated to Microsoft.Web\/serverFarms/,
    /az network vnet subnet create --resource-group rg-net --vnet-name vnet /,
  ],
  [
    "a subnet that others are linked to",
    (setup) => {
      setup.network = withSubnet({ links: ["Microsoft.Web/serverFarms"] });
    },
    "wrong delegation of agents",
    /linked to Microsoft.Web/,
  ],
  [
    "a subnet with a network interface in it",
    (setup) => {
      setup.network = withSubnet({ ipConfigurations: [`${id}/networkInterfaces/nic-vm/ipConfigurations/primary`] });
    },
    "wrong delegation of agents",
    /in use by networkInterfaces nic-vm/,
  ],
  [
    "a subnet without a free address",
    (setup) => {
      setup.azure.addressesInUse = async (network) => ({ [`${network}/subnets/agents`.toLowerCase()]: 251 });
    },
    "wrong addresses of agents",
    /full: 0 of 251 free, 1 needed/,
    /--address-prefixes/,
  ],
  [
    "a subnet with few addresses",
    (setup) => {
      setup.network = withSubnet({ addressPrefixes: ["10.0.8.0/29"] });
      setup.inputs = { agentCount: 2 };
    },
    "warning addresses of agents",
    /3 of 3 free/,
  ],
  [
    "another region than the network's",
    (setup) => {
      setup.inputs = { placements: [{ ...placement, location: "North Europe" }] };
    },
    "wrong region of agents",
    /westeurope, and location asks for North Europe/,
    /Leave the input location empty/,
  ],
  [
    "a subnet without a NAT gateway",
    (setup) => {
      const { natGatewayId: _, ...rest } = withSubnet({}).subnets[0] ?? assert.fail();
      setup.network = { ...setup.network, subnets: [rest] };
    },
    "warning outbound access of agents",
    /no NAT gateway/,
    /az network vnet subnet update --ids \S+ --nat-gateway/,
  ],
  [
    "no subnet at all",
    (setup) => {
      setup.inputs = { placements: [{ cpu: 1, memoryInGB: 2 }] };
    },
    "warning virtual network",
    /public egress/,
    /Name a subnet/,
  ],
  [
    "container groups used up",
    ({ azure }) => {
      azure.usages = async () => ({ usages: [{ name: "ContainerGroups", used: 100, limit: 100 }] });
    },
    "wrong quota in westeurope",
    /0 of 100 container groups left/,
    /Usage \+ quotas/,
  ],
  [
    "too few cores",
    (setup) => {
      setup.azure.usages = async () => ({ usages: [{ name: "StandardCores", used: 7, limit: 10 }] });
      setup.inputs = { agentCount: 2, placements: [{ ...placement, cpu: 2 }] };
    },
    "wrong quota in westeurope",
    /3 of 10 cores left/,
    /4 cores are needed, 3 are left/,
  ],
  [
    "no requests left",
    ({ azure }) => {
      azure.usages = async () => ({ usages: [], requestsLeft: 0 });
    },
    "warning requests left in westeurope",
    /300 container groups an hour/,
  ],
];

namesEach("in Azure", broken);
