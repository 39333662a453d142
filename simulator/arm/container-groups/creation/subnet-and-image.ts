// Finds the subnet and the image of a container group, and checks the rights on what it is linked to.
import type { SimImage } from "../../../containers/container-engine.ts";
import type { Fate } from "../../../containers/deployment-outcome.ts";
import type { Caller } from "../../../entra/access-tokens.ts";
import { parseImageReference } from "../../../registry/image-reference.ts";
import type { Registry } from "../../../registry/registry-site.ts";
import { gatewayError } from "../../arm-error.ts";
import type { Access } from "../../authorization/permission-check.ts";
import type { Subnet } from "../../network/subnet.ts";
import type { VirtualNetworks } from "../../network/virtual-networks.ts";
import type { ManagedIdentities } from "../../resources/managed-identities.ts";
import { parseResourceId, sameId } from "../../resources/resource-id.ts";
import { inaccessibleImage, invalid } from "../request/group-errors.ts";
import { type GroupRequest, type } from "../request/group-request.ts";

const join = "Microsoft.Network/virtualNetworks/subnets/join/action";
const assign = "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action";

/** What a group is linked to. */
type Links = Pick<GroupRequest, "subnetId" | "identity">;

/** Checks rights on what the group is linked to, worded as ARM does. */
export function requireLinkedRights(access: Access, principal: Caller, id: string, request: Links): void {
  const linked = [
    ...(request.subnetId === undefined ? [] : [{ action: join, scope: request.subnetId }]),
    ...(request.identity?.userAssigned ?? []).map((scope) => ({ action: assign, scope })),
  ];
  const missing = linked.filter(({ action, scope }) => !access.demand(principal.objectId, action, scope));
  if (missing.length === 0) return;
  const actions = missing.map(({ action }) => action).join(",");
  const scopes = missing.map(({ scope }) => scope).join(",");
  const message = `The client '${principal.appId}' with object id '${principal.objectId}' has permission to perform action '${type}/write' on scope '${id}'; however, it does not have permission to perform action(s) '${actions}' on the linked scope(s) '${scopes}' (respectively) or the linked scope(s) are invalid.`;
  throw gatewayError(403, "LinkedAuthorizationFailed", message);
}

/**
 * The subnet that the group goes into.
 * @throws Refused when it is in another subscription or region, does not exist, or is not delegated (facts §3.1).
 */
export function findSubnet(networks: VirtualNetworks, id: string, request: GroupRequest): Subnet | undefined {
  const { subnetId, name, location } = request;
  if (subnetId === undefined) return undefined;
  const parsed = parseResourceId(subnetId);
  if (parsed?.type.toLowerCase() !== "microsoft.network/virtualnetworks/subnets") {
    throw invalid("InvalidSubnetId", `The subnet id '${subnetId}' of container group '${name}' is invalid.`);
  }
  if (!sameId(parsed.subscriptionId, parseResourceId(id)?.subscriptionId ?? "")) {
    const message = `The subnet '${subnetId}' and container group '${name}' must be in the same subscription.`;
    throw invalid("SubnetAndContainerGroupMustBeInSameSubscription", message);
  }
  const found = networks.findSubnet(subnetId);
  if (found === undefined || found.network.location !== location) {
    const referenced = found === undefined ? subnetId : found.network.id;
    const message = `Resource ${referenced} referenced by resource ${id} was not found. Please make sure that the referenced resource exists, and that both resources are in the same region.`;
    throw invalid("InvalidResourceReference", message);
  }
  if (!found.subnet.isDelegated) {
    const message = `Subnet missing required delegation 'Microsoft.ContainerInstance' for container group '${name}'.`;
    throw invalid("SubnetMissingRequiredDelegation", message);
  }
  return found.subnet;
}

/** An image, and what becomes of its pull when that is not as it should be. */
interface Pull {
  readonly image: SimImage;
  readonly fate?: Fate;
}

/** How the container runtime tells of an image that a registry does not have; a registry tells it only whom it admits. */
const notFound = (image: string): string =>
  `failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${image}: not found`;

const unauthorized =
  "failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized: authentication required";

/**
 * Pulls with what the group has for the image's registry. Whether a name and a password will do, the service finds out
 * during the PUT; whether an identity does, only when it pulls (facts aci-azure-sdk §3.2).
 * @param registries the first holds what no other one does.
 * @throws Refused with `InaccessibleImage` when a registry does not give the image for name and password, or to anybody.
 */
export function pullImage(
  registries: readonly Registry[],
  identities: ManagedIdentities,
  { name, container, registryCredentials }: GroupRequest,
): Pull {
  const server = parseImageReference(container.image)?.registry ?? "";
  const registry = registries.find((each) => sameId(each.server, server)) ?? registries[0];
  const credential = registryCredentials.find((each) => sameId(each.server, server));
  if (credential?.identity !== undefined) {
    const objectId = identities.find(credential.identity)?.objectId;
    const image = objectId === undefined ? undefined : registry?.pull(container.image, { objectId });
    if (image !== undefined) return { image };
    const nothing = {
      reference: container.image,
      pullable: "with-credentials",
      agentBaked: false,
      environment: {},
    } as const;
    const admitted = objectId !== undefined && registry?.admits({ objectId }) === true;
    return {
      image: nothing,
      fate: { kind: "pull-fails", reason: admitted ? notFound(container.image) : unauthorized },
    };
  }
  const account = credential && { username: credential.username ?? "", password: credential.password ?? "" };
  const image = registry?.pull(container.image, account);
  if (image === undefined) throw inaccessibleImage(container.image, name);
  return { image };
}
