// The resource ID of the container groups' resource group.
import type { CommonSettings } from "../settings/settings.ts";

/** The resource id of the group that the container groups are in. */
export function resourceGroupId({ azure, resourceGroupName }: Pick<CommonSettings, "azure" | "resourceGroupName">) {
  return `/subscriptions/${azure.subscriptionId}/resourceGroups/${resourceGroupName}`;
}
