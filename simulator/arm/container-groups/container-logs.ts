// Answers a request for a container's log.
import type { SimResponse } from "../../http/https-site.ts";
import { armError } from "../arm-error.ts";
import type { ArmRequest } from "../request-authorization.ts";
import type { StoredGroup } from "./container-group-store.ts";
import { invalid } from "./request/group-errors.ts";

/**
 * What the container wrote.
 * @throws Refused with 404 when there is no such container, or it has not started yet; 400 for a senseless `tail`.
 */
export function readLogs({ request: asked, group }: StoredGroup, request: ArmRequest): SimResponse {
  const container = request.param("container");
  if (container !== asked.container.name) {
    const message = `The container '${container}' was not found in container group '${asked.name}'.`;
    throw armError(404, "ContainerNotFound", message);
  }
  // The state of a stopped group is lost, its log with it (facts aci-azure-sdk §3.5).
  if (group.state === "Stopped") return { status: 200, body: { content: "" } };
  const { deployment } = group;
  if (deployment.view === undefined || deployment.view.currentState.startTime === undefined) {
    const message = `Log of container '${container}' in container group '${asked.name}' is not available yet. Please check container 'InstanceView' for more information or retry later.`;
    throw armError(404, "ContainerLogNotAvailable", message);
  }
  const { searchParams } = request.url;
  const tail = numberOf(searchParams.get("tail"));
  const timestamps = searchParams.get("timestamps")?.toLowerCase() === "true";
  return { status: 200, body: { content: deployment.log.read({ timestamps, ...(tail !== undefined && { tail }) }) } };
}

function numberOf(tail: string | null): number | undefined {
  if (tail === null) return undefined;
  const lines = Number(tail);
  if (Number.isInteger(lines) && lines >= 0) return lines;
  throw invalid("InvalidLogTail", `The tail value '${tail}' is invalid: it must be a number of lines.`);
}
