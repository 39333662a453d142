// Runs all checks of Azure.

import { resourceGroupId } from "../../plan/resource-group-id.ts";
import type { AzureIdentity } from "../../ports/connections.ts";
import type { Placement } from "../../settings/settings.ts";
import { failed, faulty, type Look } from "../check-context.ts";
import { type Found, notChecked, ok } from "../finding.ts";
import { checkPolicies } from "./azure-policies.ts";
import { checkProvider } from "./provider-registration.ts";
import { checkQuota } from "./region-quota.ts";
import { checkResourceGroup } from "./resource-group.ts";
import { checkRights, needsOfIdentity } from "./role-permissions.ts";
import { checkStandby } from "./standby-pool.ts";
import { checkNetwork } from "./virtual-network.ts";

const schemes: Readonly<Record<AzureIdentity["kind"], string>> = {
  secret: "service principal with a secret",
  certificate: "service principal with a certificate",
  federated: "workload identity federation",
  managed: "managed identity of this machine",
};

/** A fallback that would fail is only a warning: it may never be needed. */
function asFallback(found: readonly Found[], index: number): Found[] {
  if (index === 0) return [...found];
  return found.map((one) => (one.level === "wrong" ? { ...one, level: "warning" as const } : one));
}

async function checkPlacement(
  look: Look,
  placement: Placement,
  index: number,
  principal: string,
  groupLocation: string | undefined,
): Promise<Found[]> {
  const { agentCount } = look.settings;
  const network = await checkNetwork(look, placement, principal);
  const location = network.location ?? (placement.subnetId === undefined ? groupLocation : undefined);
  const want = { groups: agentCount, cores: agentCount * placement.cpu };
  if (location === undefined) return asFallback(network.found, index);
  const [quota, policies] = await Promise.all([
    checkQuota(look, location, want),
    checkPolicies(look, resourceGroupId(look.settings), placement, location),
  ]);
  return asFallback([...network.found, policies, ...quota], index);
}

/** @returns the findings, and the object id of who looked, for the commands that fix them */
export async function checkAzure(look: Look): Promise<{ found: Found[]; principal: string | undefined }> {
  const { azure, settings, read } = look;
  const subject = "Azure sign-in";
  const principal = await read("signIn", () => azure.signIn());
  if (failed(principal)) {
    const rest = "provider, resource group, network, role actions and quota need a sign-in";
    return { found: [faulty(subject, principal), notChecked("Azure", rest)], principal: undefined };
  }
  const signedIn = ok(subject, `${schemes[settings.azure.identity.kind]}, object id ${principal}`);
  const { identityId } = settings.registry?.kind === "identity" ? settings.registry : { identityId: undefined };
  const identities = new Set([...settings.container.identityIds, ...(identityId === undefined ? [] : [identityId])]);
  const [provider, group, rights] = await Promise.all([
    checkProvider(look),
    checkResourceGroup(look, principal),
    Promise.all([...identities].map((id) => checkRights(look, id, needsOfIdentity, principal))),
  ]);
  const standby = await checkStandby(look, principal, group.location);
  const placements = await Promise.all(
    settings.placements.map((one, index) => checkPlacement(look, one, index, principal, group.location)),
  );
  const found = [
    signedIn,
    provider,
    ...group.found,
    ...rights.flatMap((one) => one.found),
    ...placements.flat(),
    ...standby,
  ];
  return { found, principal };
}
