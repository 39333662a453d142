// Splits a resource ID into its parts.

/** An id such as `/subscriptions/S/resourceGroups/G/providers/N/T1/N1/T2/N2`, taken apart. */
interface ResourceId {
  readonly subscriptionId: string;
  readonly resourceGroup: string;
  /** `Microsoft.Network/virtualNetworks/subnets`. */
  readonly type: string;
  /** Names from the outermost resource to the innermost. */
  readonly names: readonly string[];
}

/** Returns nothing for what is no id of a resource in a resource group. */
export function parseResourceId(id: string): ResourceId | undefined {
  const pattern = /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/([^/]+)((?:\/[^/]+\/[^/]+)+)\/?$/i;
  const [, subscriptionId, resourceGroup, namespace, path] = pattern.exec(id) ?? [];
  if (!subscriptionId || !resourceGroup || !namespace || !path) return undefined;
  const parts = path.split("/").slice(1);
  const types = parts.filter((_, index) => index % 2 === 0);
  const names = parts.filter((_, index) => index % 2 === 1);
  return { subscriptionId, resourceGroup, type: [namespace, ...types].join("/"), names };
}

/** Ids and names are compared without regard to case, as ARM does. */
export function sameId(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Whether `id` is the scope itself or lies below it. */
export function isWithin(id: string, scope: string): boolean {
  const [inner, outer] = [id, scope].map((each) => `${each.toLowerCase().replace(/\/+$/, "")}/`);
  return inner?.startsWith(outer ?? "") ?? false;
}
