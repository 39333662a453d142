// Creates or updates a container group.
import type { SimResponse } from "../../../http/https-site.ts";
import { armError } from "../../arm-error.ts";
import { objectBody } from "../../json-body.ts";
import type { ArmRequest } from "../../request-authorization.ts";
import { asksForProfile, type ClaimSetting, claimGroup } from "../../standby/claim.ts";
import type { StoredGroup } from "../container-group-store.ts";
import { groupView } from "../container-group-view.ts";
import { invalid, transitioning } from "../request/group-errors.ts";
import { assignIdentities } from "../request/group-identity.ts";
import { type GroupRequest, readGroup, type } from "../request/group-request.ts";
import { deploymentPlan } from "./deployment-plan.ts";
import { requireQuota } from "./region-quota.ts";
import { findSubnet, pullImage, requireLinkedRights } from "./subnet-and-image.ts";

/**
 * Creates a group, or deploys the one that is there anew: 201 and an operation to follow. A PUT that changes nothing is
 * answered 200 without one (recorded).
 */
export async function putGroup(request: ArmRequest, setting: ClaimSetting): Promise<SimResponse> {
  const body = objectBody(request);
  if (asksForProfile(body)) return claimGroup(request, body, setting);
  const { store, conditions, access } = setting;
  const { id: groupId } = setting.resourceGroups.require(request.param("resourceGroup"));
  setting.providers.require("Microsoft.ContainerInstance");
  const name = request.param("group");
  const id = `${groupId}/providers/${type}/${name}`;
  const asked = readGroup(name, body);
  setting.policies.require(id, name, { ...body, type });
  requireLinkedRights(access, request.principal, id, asked);
  const assigned = asked.identity && assignIdentities(id, asked.identity, setting.identities, setting.tenantId);
  const metadataPort = assigned && (await setting.metadata.serve(id, assigned));
  // Nothing below waits, so that what is looked at here is still so when the group is made.
  const before = store.get(id);
  if (before !== undefined) {
    if (before.group.transitioning) throw transitioning(name);
    requireUpdatable(before.request, asked);
  }
  conditions.refuse(asked);
  const subnet = findSubnet(setting.virtualNetworks, id, asked);
  const others = store.list().filter((stored) => stored !== before);
  requireQuota(
    asked,
    others.map((stored) => stored.request),
    setting.quota,
  );
  const headers = setting.creations.count();
  if (before !== undefined && isUnchanged(before, asked))
    return { status: 200, headers, body: groupView(before, true) };
  const { image, fate: pullFate } = pullImage(setting.registries, setting.identities, asked);
  const plan = deploymentPlan(
    before?.id ?? id,
    asked,
    { image, metadataPort },
    setting.restartNonZeroExit,
    setting.workspaces,
  );
  const fate = pullFate ?? conditions.fate(asked);
  const deployment =
    before === undefined
      ? store.create({ id, request: asked, identity: assigned?.view, subnet }, plan, fate).group.deployment
      : await store.update({ ...before, request: asked, identity: assigned?.view }, plan, fate);
  const stored = store.get(id);
  if (stored === undefined) throw transitioning(name);
  return {
    status: 201,
    // Neither Location nor Retry-After: the swagger promises both, the service sends neither.
    headers: { ...headers, "azure-asyncoperation": setting.operations.start(stored.id, deployment, asked.location) },
    body: groupView(stored, true),
  };
}

/** Whether there is nothing to do. One that failed is tried again, which is a guess. */
function isUnchanged({ request, tags, group }: StoredGroup, asked: GroupRequest): boolean {
  const same = JSON.stringify({ ...request, tags }) === JSON.stringify(asked);
  return same && group.deployment.provisioningState !== "Failed";
}

/** Some of a group cannot be changed without deleting it first (facts §3.5). */
function requireUpdatable(before: GroupRequest, asked: GroupRequest): void {
  if (before.location !== asked.location) {
    const message = `The resource '${before.name}' already exists in location '${before.location}'. A resource with the same name cannot be created in location '${asked.location}'. Please select a new resource name.`;
    throw armError(409, "InvalidResourceLocation", message);
  }
  const fixed = (request: GroupRequest) =>
    JSON.stringify([
      request.osType,
      request.restartPolicy ?? "Always",
      request.subnetId?.toLowerCase(),
      request.container.cpu,
      request.container.memoryInGB,
    ]);
  if (fixed(before) === fixed(asked)) return;
  const message = `The updates on container group '${before.name}' are invalid. If you are going to update the os type, restart policy, network profile, CPU, memory or GPU resources for a container group, you must delete it first and then create a new one.`;
  throw invalid("InvalidContainerGroupUpdate", message);
}
