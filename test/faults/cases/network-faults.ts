// Faults of the subnet and its network.
import { answered, arm, type Fault, shows, warning } from "../fault.ts";

const network = "/subscriptions/1/resourceGroups/rg-net/providers/Microsoft.Network/virtualNetworks/vnet";
const subnet = `${network}/subnets/agents`;
const group = "/subscriptions/1/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/eph-101-abc123";

/** What the subnet and its network show. */
export const networkFaults: readonly Fault[] = [
  {
    name: "subnet missing",
    // Azure/RDS-Templates #349
    inject: answered(
      "host.create",
      arm(
        400,
        "InvalidResourceReference",
        `Resource ${subnet} referenced by resource ${group} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`,
      ),
    ),
    code: "EA302",
    cause: /InvalidResourceReference: Resource \S+\/subnets\/agents referenced by .* was not found/,
  },
  {
    name: "virtual network missing",
    inject: answered(
      "host.network",
      arm(404, "ResourceNotFound", "The Resource 'Microsoft.Network/virtualNetworks/vnet' was not found."),
    ),
    code: "EA302",
    cause: /The Resource 'Microsoft\.Network\/virtualNetworks\/vnet' .*was not found/,
  },
  {
    name: "subnet not delegated",
    // Azure/dev-box-images #8
    inject: answered(
      "host.create",
      arm(
        400,
        "SubnetMissingRequiredDelegation",
        "Subnet missing required delegation 'Microsoft.ContainerInstance' for container group 'eph-101-abc123'.",
      ),
    ),
    code: "EA301",
    cause: /Subnet missing required delegation 'Microsoft\.ContainerInstance'/,
  },
  {
    name: "subnet in another region",
    inject: (stage) => {
      stage.deployJob();
      stage.world.host.network = async () => {
        stage.shown();
        return { location: "northeurope", dnsServers: [] };
      };
    },
    code: "EA303",
    cause: /^location is 'westeurope', but virtual network 'vnet' with subnet 'agents' is in 'northeurope'\.$/,
  },
  {
    name: "no subnet at all",
    inject: (stage) => {
      stage.deployJob();
      stage.shown();
    },
    settings: { placements: [{ location: "westeurope", cpu: 1, memoryInGB: 2 }] },
    code: "EA304",
    cause: /no subnet is given/,
  },
  {
    name: "subnet full",
    // MicrosoftDocs/azure-docs #88211
    inject: answered(
      "host.create",
      arm(
        400,
        "SubnetIsFull",
        "Subnet agents with address prefix 10.20.1.0/29 does not have enough capacity for 1 IP addresses.",
      ),
    ),
    code: "EA305",
    cause: /SubnetIsFull: Subnet agents with address prefix 10\.20\.1\.0\/29/,
  },
  {
    name: "subnet full, as the group shows it",
    inject: shows({
      provisioningState: "Failed",
      events: [warning("Failed", "Subnet agents does not have enough capacity for 1 IP addresses.")],
    }),
    code: "EA305",
    cause: /does not have enough capacity for 1 IP addresses/,
  },
  {
    name: "subnet used by other resources",
    // dstackai/dstack #3931
    inject: answered(
      "host.create",
      arm(
        400,
        "SubnetWithExternalResourcesCannotBeUsedByOtherResources",
        `Subnet ${subnet} referenced by ${group} cannot be used because it contains external resources. The external resources in this subnet are (Microsoft.Web/serverfarms). You need to delete these external resources before deploying into this subnet.`,
      ),
    ),
    code: "EA306",
    cause: /contains external resources\. The external resources in this subnet are \(Microsoft\.Web\/serverfarms\)/,
  },
  {
    name: "subnet in another subscription",
    // MicrosoftDocs/azure-docs #94486
    inject: answered(
      "host.create",
      arm(
        400,
        "SubnetAndContainerGroupMustBeInSameSubscription",
        "The subnet and the container group must be in the same subscription.",
      ),
    ),
    code: "EA307",
    cause: /must be in the same subscription/,
  },
];
