// Reads the standby pool, by its ID or by its name in the containers' resource group.

import type { Reader } from "./input-reader.ts";
import type { CommonSettings, CreateSettings } from "./settings.ts";
import { groupForm } from "./subnet.ts";

const type = "Microsoft.StandbyPool/standbyContainerGroupPools";
const rule = `allowed: a pool's name of 3 to 24 letters, digits and '-', or /subscriptions/…/resourceGroups/…/providers/${type}/…`;

/** What the service allows in a name (its documented schema). */
const nameForm = /^[a-zA-Z0-9-]{3,24}$/;
const idForm =
  /^\/subscriptions\/([\w-]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.StandbyPool\/standbyContainerGroupPools\/([^/]+)$/i;

/** Reads it and holds it against what else is given. */
export function standbyPoolOf(
  reader: Reader,
  { azure, resourceGroupName }: Pick<CommonSettings, "azure" | "resourceGroupName">,
): Pick<CreateSettings, "standbyPoolId"> {
  const given = reader.optional("standbyPool");
  if (given === undefined) return {};
  if (reader.raw.input("agentRegistration")?.trim().toLowerCase() === "container")
    reader.wrong("standbyPool", given, "it takes agentRegistration 'task'");
  const [, subscription, group = "", name = ""] = idForm.exec(given) ?? [];
  if (subscription === undefined) {
    if (!nameForm.test(given)) reader.wrong("standbyPool", given, rule);
    const inGroup = `/subscriptions/${azure.subscriptionId}/resourceGroups/${resourceGroupName}`;
    return { standbyPoolId: `${inGroup}/providers/${type}/${given}` };
  }
  if (!nameForm.test(name) || !groupForm.test(group)) reader.wrong("standbyPool", given, rule);
  // A profile and its pool are in one subscription (documented), and so is what is claimed from them.
  else if (azure.subscriptionId !== "" && subscription.toLowerCase() !== azure.subscriptionId.toLowerCase())
    reader.wrong(
      "standbyPool",
      given,
      `the pool must be in the service connection's subscription ${azure.subscriptionId}`,
    );
  return { standbyPoolId: given };
}
