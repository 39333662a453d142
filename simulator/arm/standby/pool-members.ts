// Container groups that wait in a pool: the standby pool resource provider makes them by its own rights.
import { randomUUID } from "node:crypto";
import { join } from "node:path/posix";
import { armError } from "../arm-error.ts";
import type { StoredGroup } from "../container-groups/container-group-store.ts";
import type { PutSetting } from "../container-groups/creation/creation-dependencies.ts";
import { deploymentPlan } from "../container-groups/creation/deployment-plan.ts";
import { requireQuota } from "../container-groups/creation/region-quota.ts";
import { findSubnet, pullImage, requireLinkedRights } from "../container-groups/creation/subnet-and-image.ts";
import { assignIdentities, type Identity } from "../container-groups/request/group-identity.ts";
import { type } from "../container-groups/request/group-request.ts";
import { requireRight } from "../request-authorization.ts";
import { parseResourceId } from "../resources/resource-id.ts";
import { groupOf, type Profiles, profileType } from "./container-group-profiles.ts";
import type { PoolContent } from "./standby-pool.ts";

/** Where the service lays the config map of a container (documented). */
const configMapFolder = "/mnt/configmap";

/** Who signs in for a resource provider. */
interface ProviderPrincipal {
  readonly appId: string;
  readonly objectId: string;
}

interface Member {
  /** Id of the group that is to be. */
  readonly id: string;
  readonly name: string;
  readonly content: Pick<PoolContent, "profileId" | "revision" | "subnetId">;
  readonly tags?: Readonly<Record<string, string>>;
  readonly isFromPool: boolean;
  readonly configMap?: Readonly<Record<string, string>>;
  readonly identity?: Identity;
}

/**
 * Makes a group of a profile.
 * @param principal whose rights count
 * @throws Refused for whatever the service refuses in any group, and for what the principal may not do
 */
export async function makeMember(
  setting: PutSetting,
  profiles: Profiles,
  principal: ProviderPrincipal,
  member: Member,
): Promise<StoredGroup> {
  const { id, name, content, tags = {}, isFromPool, configMap = {}, identity } = member;
  const caller = { ...principal, tenantId: setting.tenantId };
  requireRight(setting.access, caller, `${type}/write`, id);
  requireRight(setting.access, caller, `${profileType}/read`, content.profileId);
  const revision = profiles.revision(content.profileId, content.revision);
  if (revision === undefined)
    throw armError(404, "ResourceNotFound", `The profile '${content.profileId}' was not found.`);
  const described = groupOf(revision, name, content.subnetId);
  const asked = { ...described, tags, identity, container: { ...described.container, configMap } };
  requireLinkedRights(setting.access, caller, id, asked);
  const assigned = asked.identity && assignIdentities(id, asked.identity, setting.identities, setting.tenantId);
  // There from the start, for the identities that whoever claims it brings.
  const metadataPort = await setting.metadata.serve(id, assigned ?? { userAssigned: [] });
  setting.conditions.refuse(asked);
  const subnet = findSubnet(setting.virtualNetworks, id, asked);
  const others = setting.store.list().map(({ request }) => request);
  requireQuota(asked, others, setting.quota);
  const { image, fate } = pullImage(setting.registries, setting.identities, asked);
  const plan = deploymentPlan(id, asked, { image, metadataPort }, setting.restartNonZeroExit, setting.workspaces);
  // The same record for as long as the container lives, so that a restart finds what was applied since.
  const files = Object.fromEntries(Object.entries(configMap).map(([key, value]) => [key, Buffer.from(value)]));
  const mountPath = join(configMapFolder, asked.container.name);
  const volumes = [...plan.container.volumes, { kind: "configMap" as const, mountPath, readOnly: true, files }];
  const profile = { id: content.profileId, revision: content.revision };
  return setting.store.create(
    { id, request: asked, identity: assigned?.view, subnet, standby: { profile, isFromPool, files, mountPath } },
    { ...plan, container: { ...plan.container, volumes } },
    fate ?? setting.conditions.fate(asked),
  );
}

/**
 * Where a pool's groups are and how they are called is a guess: in the pool's own resource group, for everybody who reads it
 * to see, which is the stricter reading for whoever cleans up there.
 */
export function memberOf(poolId: string, content: PoolContent): Member {
  const { subscriptionId = "", resourceGroup = "", names = [] } = parseResourceId(poolId) ?? {};
  const name = `${names.join("-").toLowerCase()}-${randomUUID().slice(0, 8)}`;
  const id = `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/${type}/${name}`;
  return { id, name, content, isFromPool: false };
}
