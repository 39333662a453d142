// How the service words its refusals of a container group (facts aci-azure-sdk §3.9). Where no code was seen on the
// wire, its documented rule and a code after its naming stand in; no client should depend on those.
import type { Refused } from "../../../http/refused-request.ts";
import { armError } from "../../arm-error.ts";

export function invalidContent(detail: string): Refused {
  const message = `The request content was invalid and could not be deserialized: '${detail}'.`;
  return armError(400, "InvalidRequestContent", message);
}

export const invalid = (code: string, message: string): Refused => armError(400, code, message);

export function inaccessibleImage(image: string, group: string): Refused {
  const message = `The image '${image}' in container group '${group}' is not accessible. Please check the image and registry credential.`;
  return armError(400, "InaccessibleImage", message);
}

export function transitioning(group: string): Refused {
  const message = `The container group '${group}' is still transitioning, please retry later.`;
  return armError(409, "ContainerGroupTransitioning", message);
}

/** What the provider itself says of a group that is no more, as long as ARM passes the request on (recorded 2023-05-05). */
export function containerGroupNotFound(group: string): Refused {
  return armError(404, "ContainerGroupNotFound", `The container group '${group}' does not exist.`);
}

export function notAvailable(location: string, cpu: number, memoryInGB: number): Refused {
  const message = `The requested resource is not available in the location '${location}' at this moment. Please retry with a different resource request or in another location. Resource requested: '${cpu}' CPU '${memoryInGB}' GB memory 'Linux' OS`;
  return armError(409, "ServiceUnavailable", message);
}

export interface Quota {
  readonly name: "ContainerGroups" | "StandardCores";
  readonly limit: number;
  readonly usage: number;
  readonly requested: number;
}

export function quotaReached(location: string, { name, limit, usage, requested }: Quota): Refused {
  const message = `Resource type 'Microsoft.ContainerInstance/containerGroups' container group quota '${name}' exceeded in region '${location}'. Limit: '${limit}', Usage: '${usage}' Requested: '${requested}'.`;
  return armError(409, "ContainerGroupQuotaReached", message);
}
