// A container group out of a standby pool: a PUT that names a profile and a pool, and nothing of its own but a config map.
// As recorded 2024-11-05 and 2025-07-21: 201 with the group already running, under the container's name of the profile.
import type { SimResponse } from "../../http/https-site.ts";
import { armError } from "../arm-error.ts";
import type { StoredGroup } from "../container-groups/container-group-store.ts";
import { groupView } from "../container-groups/container-group-view.ts";
import type { PutSetting } from "../container-groups/creation/creation-dependencies.ts";
import { requireLinkedRights } from "../container-groups/creation/subnet-and-image.ts";
import { Reader } from "../container-groups/request/body-reader.ts";
import { invalidContent, transitioning } from "../container-groups/request/group-errors.ts";
import { assignIdentities, type Identity, readIdentity } from "../container-groups/request/group-identity.ts";
import { checkGroupName } from "../container-groups/request/group-names.ts";
import { type } from "../container-groups/request/group-request.ts";
import { type JsonObject, objectOf } from "../json-body.ts";
import { type ArmRequest, requireRight } from "../request-authorization.ts";
import { sameId } from "../resources/resource-id.ts";
import { tagsOf } from "../resources/tags.ts";
import { regionName } from "../subscription/regions.ts";
import { type Profiles, profileType } from "./container-group-profiles.ts";
import { poolType } from "./pool-body.ts";
import { makeMember } from "./pool-members.ts";
import type { StandbyPools } from "./standby-pool-routes.ts";

export interface ClaimSetting extends PutSetting {
  readonly profiles: Profiles;
  readonly pools: StandbyPools;
}

interface Claim {
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly profile: { readonly id: string; readonly revision: number | undefined };
  readonly poolId: string | undefined;
  /** Refuse rather than make a group outside the pool. */
  readonly failsWhenEmpty: boolean;
  readonly subnetId: string | undefined;
  readonly identity: Identity | undefined;
  readonly container: string;
  readonly configMap: Readonly<Record<string, string>>;
}

/** Whether a PUT is for a group of a profile. */
export const asksForProfile = (body: JsonObject): boolean =>
  objectOf(body.properties).containerGroupProfile !== undefined;

export async function claimGroup(request: ArmRequest, body: JsonObject, setting: ClaimSetting): Promise<SimResponse> {
  const { store, pools, access } = setting;
  const { id: groupId } = setting.resourceGroups.require(request.param("resourceGroup"));
  setting.providers.require("Microsoft.ContainerInstance");
  const name = request.param("group");
  const id = `${groupId}/providers/${type}/${name}`;
  checkGroupName(name);
  const claim = readClaim(body, setting);
  // That whoever claims must be able to read both is a guess, and the stricter reading.
  requireRight(access, request.principal, `${profileType}/read`, claim.profile.id);
  if (claim.poolId !== undefined) requireRight(access, request.principal, `${poolType}/read`, claim.poolId);
  const { subnetId, identity } = claim;
  requireLinkedRights(access, request.principal, id, { subnetId, identity });
  const revision = setting.profiles.revision(claim.profile.id, claim.profile.revision);
  if (revision === undefined) {
    throw armError(404, "ResourceNotFound", `The container group profile '${claim.profile.id}' was not found.`);
  }
  // Never recorded: a claim of a group that is there already only applies its config map.
  const before = store.get(id);
  if (before !== undefined) {
    if (before.group.transitioning) throw transitioning(name);
    return { status: 200, body: groupView(await withConfigMap(setting, before, claim), true) };
  }
  const headers = setting.creations.count();
  const pool = claim.poolId === undefined ? undefined : pools.get(claim.poolId);
  const fits = pool && sameId(pool.content.profileId, claim.profile.id) && pool.content.revision === revision.revision;
  const member = fits ? pool.take() : undefined;
  const content = { profileId: claim.profile.id, revision: revision.revision, subnetId: claim.subnetId };
  if (member === undefined && claim.failsWhenEmpty) {
    // Never recorded: code and words are a guess, and no client should depend on them.
    const message = `No container group of the standby pool '${claim.poolId}' could be reused for container group '${name}'.`;
    throw armError(409, "StandbyPoolReuseFailed", message);
  }
  const configMap = claim.container === containerOf(revision.properties) ? claim.configMap : {};
  const stored =
    member === undefined
      ? await makeMember(setting, setting.profiles, request.principal, {
          ...{ id, name, content, tags: claim.tags, configMap, isFromPool: false },
          ...(claim.identity && { identity: claim.identity }),
        })
      : await handOver(setting, member, { id, name }, claim);
  const operation = setting.operations.start(stored.id, stored.group.deployment, claim.location);
  return { status: 201, headers: { ...headers, "azure-asyncoperation": operation }, body: groupView(stored, true) };
}

/** Gives a waiting group to whoever claims it, with the identities and the config map of the claim. */
async function handOver(
  setting: ClaimSetting,
  member: StoredGroup,
  { id, name }: { readonly id: string; readonly name: string },
  claim: Claim,
): Promise<StoredGroup> {
  const assigned = claim.identity && assignIdentities(id, claim.identity, setting.identities, setting.tenantId);
  if (assigned) await setting.metadata.serve(member.id, assigned);
  const adopted = setting.store.adopt(member, { id, name, tags: claim.tags, identity: assigned?.view });
  return withConfigMap(setting, adopted, claim);
}

/** Name of the container that a profile describes. */
function containerOf({ containers }: JsonObject): unknown {
  const [container] = Array.isArray(containers) ? containers.map(objectOf) : [];
  return container?.name;
}

/** Applied to the running container, and only where the request names it as the profile does; else dropped (recorded). */
async function withConfigMap(setting: ClaimSetting, stored: StoredGroup, claim: Claim): Promise<StoredGroup> {
  const { standby, request, group } = stored;
  if (standby === undefined || claim.container !== request.container.name) return stored;
  const configMap = { ...request.container.configMap, ...claim.configMap };
  const files = Object.fromEntries(Object.entries(claim.configMap).map(([key, text]) => [key, Buffer.from(text)]));
  Object.assign(standby.files, files);
  await setting.engine.apply(group.id, standby.mountPath, files);
  return setting.store.configure(stored, configMap);
}

/** Of these the identity is documented, and was never recorded. */
const topMembers = ["id", "name", "type", "location", "tags", "properties", "zones", "identity"];

function readClaim(body: JsonObject, { creations }: ClaimSetting): Claim {
  try {
    return claimIn(body);
  } catch (error) {
    if (Object.keys(body).some((each) => !topMembers.includes(each)) || beyondConfigMap(objectOf(body.properties))) {
      // Worded as in Azure/azure-cli #30898. It counts as a creation (recorded 2024-10-31).
      const message = "ContainerGroup properties other than config map are not allowed";
      throw armError(400, "BadRequest", message, creations.count());
    }
    throw error;
  }
}

function claimIn(body: JsonObject): Claim {
  const top = new Reader(body, "containerGroup", topMembers);
  const known = ["containerGroupProfile", "standbyPoolProfile", "subnetIds", "containers"];
  const properties = top.object("properties", known);
  const profile = properties?.object("containerGroupProfile", ["id", "revision"]);
  const pool = properties?.object("standbyPoolProfile", ["id", "failContainerGroupCreateOnReuseFailure"]);
  const profileId = profile?.text("id");
  if (properties === undefined || profileId === undefined) throw invalidContent("A profile needs an id.");
  const [container] = properties.objects("containers", ["name", "properties"]);
  const configMap = container?.object("properties", ["configMap"])?.object("configMap", ["keyValuePairs"]);
  const [subnet] = properties.objects("subnetIds", ["id", "name"]);
  return {
    location: regionName(top.raw("location"), type),
    tags: tagsOf(top.raw("tags")),
    profile: { id: profileId, revision: profile?.number("revision") },
    poolId: pool?.text("id"),
    failsWhenEmpty: pool?.flag("failContainerGroupCreateOnReuseFailure") ?? false,
    subnetId: subnet?.text("id"),
    identity: readIdentity(top),
    container: container?.text("name") ?? "",
    configMap: configMap?.map("keyValuePairs") ?? {},
  };
}

function beyondConfigMap(properties: JsonObject): boolean {
  const allowed = ["containerGroupProfile", "standbyPoolProfile", "subnetIds", "containers"];
  const containers = Array.isArray(properties.containers) ? properties.containers.map(objectOf) : [];
  const inner = containers.flatMap((each) => Object.keys(objectOf(each.properties)));
  return Object.keys(properties).some((each) => !allowed.includes(each)) || inner.some((each) => each !== "configMap");
}
