// Checks whether an Azure policy would deny the container group, without creating one.

import { catalog } from "../../errors/catalog.ts";
import { policyCode, policyWords } from "../../errors/mapping/policy-denial.ts";
import type { CheckSettings, Placement } from "../../settings/settings.ts";
import { failed, isForbidden, type Look, unread } from "../check-context.ts";
import type { PlannedGroup } from "../check-ports.ts";
import { type Found, notChecked, ok, wrong } from "../finding.ts";

/** The properties that are sent to Azure Policy: never a variable, a volume, or a credential. */
function planned(
  { image, osType, container }: CheckSettings,
  { subnetId, cpu, memoryInGB }: Placement,
  location: string,
) {
  const containers = [{ name: "agent", properties: { image, resources: { requests: { cpu, memoryInGB } } } }];
  const subnetIds = subnetId === undefined ? {} : { subnetIds: [{ id: subnetId }] };
  return {
    location,
    tags: container.tags,
    properties: { osType, restartPolicy: "Never", sku: "Standard", containers, ...subnetIds },
  } satisfies PlannedGroup;
}

/**
 * @param scope resource id of the resource group
 * @param location region that the container group would be in
 */
export async function checkPolicies(look: Look, scope: string, placement: Placement, location: string): Promise<Found> {
  const subject = `policies on ${scope.split("/").at(-1)}`;
  const denials = await look.read("policies", () =>
    look.azure.denials(scope, planned(look.settings, placement, location)),
  );
  if (failed(denials)) {
    // A run does not need this answer, so a failure to get it is not an error.
    return isForbidden(denials) ? unread(subject, denials) : notChecked(subject, `Azure did not tell: ${denials.code}`);
  }
  if (denials.length === 0) return ok(subject, "none that Azure tells of refuses the container group");
  const { title, next } = catalog[policyCode(denials)];
  return wrong(subject, { found: title, cause: policyWords(denials).join("; "), fix: next });
}
