import { reader } from "../../../simulator/arm/authorization/built-in-roles.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { type Broken, namesEach } from "./broken.ts";
import { subscriptionOf } from "./set-up.ts";

const service = "Microsoft.ContainerInstance/containerGroups";

/** Puts the network anew, with its subnet as given. */
function subnet(simulator: Simulator, properties: Readonly<Record<string, unknown>>): undefined {
  const { arm, location } = simulator;
  const usual = {
    addressPrefix: "10.20.1.0/24",
    delegations: [{ name: "container-groups", properties: { serviceName: service } }],
    natGateway: { id: `${subscriptionOf(simulator)}/natGateways/nat-shop` },
  };
  const subnets = [{ name: "snet-agents", properties: { ...usual, ...properties } }];
  arm.virtualNetworks.put("rg-network", "vnet-shop", { location, properties: { subnets } });
  return undefined;
}

const delegatedTo = (serviceName: string) => ({ delegations: [{ name: "other", properties: { serviceName } }] });

const broken: readonly Broken[] = [
  [
    "a virtual network that is not there",
    (simulator) => {
      const { arm, deployer, ready } = simulator;
      arm.access.assign({ principalId: deployer.objectId, role: reader, scope: subscriptionOf(simulator) });
      return { inputs: { subnetId: ready.subnetId.replace("vnet-shop", "vnet-mistyped") } };
    },
    "wrong virtual network vnet-mistyped",
    /does not exist/,
  ],
  [
    "a subnet that is not there",
    ({ ready }) => ({ inputs: { subnetId: ready.subnetId.replace("snet-agents", "snet-mistyped") } }),
    "wrong subnet snet-mistyped",
    /vnet-shop has: snet-agents, snet-apps/,
  ],
  [
    "a subnet that is not delegated",
    (simulator) => subnet(simulator, { delegations: [] }),
    "wrong delegation of snet-agents",
    /--delegations Microsoft.ContainerInstance\/containerGroups/,
  ],
  [
    "a subnet that is delegated to others",
    (simulator) => subnet(simulator, delegatedTo("Microsoft.Web/serverFarms")),
    "wrong delegation of snet-agents",
    /delegated to Microsoft.Web\/serverFarms/,
  ],
  [
    "a subnet that others use",
    (simulator) =>
      subnet(simulator, { ipConfigurations: [{ id: "/x/networkInterfaces/nic-vm/ipConfigurations/one" }] }),
    "wrong delegation of snet-agents",
    /in use by networkInterfaces nic-vm/,
  ],
  [
    "a subnet that is full",
    (simulator) => {
      subnet(simulator, { addressPrefix: "10.20.1.0/29" });
      return { inputs: { agentCount: "4" } };
    },
    "wrong addresses of snet-agents",
    /3 of 3 free, 4 needed/,
  ],
  [
    "a subnet without a NAT gateway",
    (simulator) => subnet(simulator, { natGateway: undefined }),
    "warning outbound access of snet-agents",
    /--nat-gateway/,
  ],
  [
    "another region than the network's",
    () => ({ inputs: { location: "northeurope" } }),
    "wrong region of snet-agents",
    /Leave the input location empty/,
  ],
];

namesEach("the network", broken);
