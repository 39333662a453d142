// Requires the SKU of a resource.
import { armError } from "../arm-error.ts";
import { objectOf } from "../json-body.ts";
import type { Resource } from "../resources/resource.ts";

/** @throws Refused with 400 when a resource that must have an sku has none. */
export function requireSku({ sku, type }: Resource): void {
  if (typeof objectOf(sku).name === "string") return;
  throw armError(400, "InvalidRequestContent", `The sku of a resource of type '${type}' must have a name.`);
}
