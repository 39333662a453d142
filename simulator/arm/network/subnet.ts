// A subnet as it is stored and shown.
import { randomUUID } from "node:crypto";
import { armError } from "../arm-error.ts";
import { type JsonObject, objectOf } from "../json-body.ts";

const delegatedTo = "Microsoft.ContainerInstance/containerGroups";

/** A subnet, in the shape that was recorded (facts aci-azure-sdk §2.4). */
export class Subnet {
  readonly id: string;
  readonly name: string;
  readonly #location: string;
  readonly #properties: JsonObject;
  readonly etag = `W/"${randomUUID()}"`;
  /** Ids of the container groups that are in it. */
  readonly #users: Set<string>;
  #wasUsed: boolean;

  /** @param before what it replaces, whose users stay in it. @throws Refused with 400 when it has no address range. */
  constructor(id: string, location: string, properties: JsonObject, before?: Subnet) {
    if (typeof properties.addressPrefix !== "string" && !Array.isArray(properties.addressPrefixes)) {
      const message = `Subnet ${id} must have an addressPrefix or addressPrefixes.`;
      throw armError(400, "InvalidRequestFormat", message);
    }
    this.id = before?.id ?? id;
    this.name = this.id.split("/").at(-1) ?? "";
    this.#location = location;
    this.#properties = properties;
    this.#users = before === undefined ? new Set() : before.#users;
    this.#wasUsed = before === undefined ? false : before.#wasUsed;
  }

  get isDelegated(): boolean {
    return this.#delegations().some(({ serviceName }) => serviceName === delegatedTo);
  }

  /** Addresses that container groups have, and those there are: Azure keeps five of each subnet for itself. */
  get addresses(): { readonly used: number; readonly limit: number } {
    const { addressPrefix, addressPrefixes } = this.#properties;
    const prefixes = Array.isArray(addressPrefixes) ? addressPrefixes : [addressPrefix];
    const sizes = prefixes.map((prefix) => 2 ** (32 - Number(String(prefix).split("/")[1])));
    return { used: this.#users.size, limit: sizes.reduce((sum, size) => sum + size, 0) - 5 };
  }

  use(containerGroupId: string): void {
    this.#users.add(containerGroupId);
    this.#wasUsed = true;
  }

  release(containerGroupId: string): void {
    this.#users.delete(containerGroupId);
  }

  /** @throws Refused while a container group, or the link that groups leave behind, holds it. */
  requireUnused(): void {
    if (!this.#wasUsed) return;
    const user = [...this.#users][0] ?? `${this.id}/serviceAssociationLinks/acisal`;
    const message = `Subnet ${this.name} is in use by ${user} and cannot be deleted. In order to delete the subnet, delete all the resources within the subnet. See aka.ms/deletesubnet.`;
    throw armError(400, "InUseSubnetCannotBeDeleted", message);
  }

  /** Whether another subnet in its place shows something else. */
  differsFrom(other: Subnet): boolean {
    const text = (subnet: Subnet): string =>
      JSON.stringify(subnet.view(), (name, value) => (name === "etag" ? undefined : value));
    return text(this) !== text(other);
  }

  view(provisioningState = "Succeeded"): object {
    return {
      id: this.id,
      name: this.name,
      type: "Microsoft.Network/virtualNetworks/subnets",
      etag: this.etag,
      properties: {
        privateEndpointNetworkPolicies: "Disabled",
        privateLinkServiceNetworkPolicies: "Enabled",
        ...this.#properties,
        provisioningState,
        ...this.#serviceEndpoints(provisioningState),
        delegations: this.#delegations().map(({ name, serviceName }) => ({
          id: `${this.id}/delegations/${name}`,
          name,
          type: "Microsoft.Network/virtualNetworks/subnets/delegations",
          etag: this.etag,
          properties: {
            provisioningState: "Succeeded",
            serviceName,
            actions: ["Microsoft.Network/virtualNetworks/subnets/action"],
          },
        })),
        ...(this.#wasUsed ? { serviceAssociationLinks: [this.#associationLink()] } : {}),
        ipamPoolPrefixAllocations: [],
      },
    };
  }

  /** Each says its own state and where it reaches to; that its state is the subnet's is a guess. */
  #serviceEndpoints(provisioningState: string): JsonObject {
    const { serviceEndpoints } = this.#properties;
    if (!Array.isArray(serviceEndpoints)) return {};
    const locations = [this.#location];
    return { serviceEndpoints: serviceEndpoints.map((each) => ({ locations, ...objectOf(each), provisioningState })) };
  }

  #delegations(): { readonly name: string; readonly serviceName: string }[] {
    const { delegations } = this.#properties;
    return (Array.isArray(delegations) ? delegations : []).map(objectOf).map(({ name, properties }) => ({
      name: String(name),
      serviceName: String(objectOf(properties).serviceName),
    }));
  }

  #associationLink(): object {
    return {
      id: `${this.id}/serviceAssociationLinks/acisal`,
      name: "acisal",
      type: "Microsoft.Network/virtualNetworks/subnets/serviceAssociationLinks",
      etag: this.etag,
      properties: {
        provisioningState: "Succeeded",
        linkedResourceType: delegatedTo,
        enabledForArmDeployments: false,
        allowDelete: true,
        subnetId: this.id,
        locations: [this.#location],
      },
    };
  }
}
