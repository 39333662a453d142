// The routes of one type of resource in a resource group: its rights, and the id that a request is about.
import type { SimResponse } from "../../http/https-site.ts";
import { pacedBy } from "../../pace/delayed-answers.ts";
import type { Pace, RequestKind } from "../../pace/service-pace.ts";
import type { ArmRequest, Gate } from "../request-authorization.ts";
import type { ResourceGroups } from "../resources/resource-groups.ts";

/**
 * @param verb of the action, such as `write` or `revisions/read`
 * @param kind what the answer takes as long as was recorded for; no time when left out
 */
type TypedRoute = (
  method: string,
  template: string,
  verb: string,
  handler: (request: ArmRequest, id: string) => SimResponse,
  kind?: RequestKind | ((id: string) => RequestKind),
) => void;

interface ResourceType {
  readonly namespace: string;
  /** With its namespace. */
  readonly type: string;
  /** The parameter of the templates that holds a resource's name. */
  readonly parameter: string;
  /** What follows a resource's id in a path: rights are held on the resource itself. */
  readonly below: RegExp;
  /** Called before each answer. */
  readonly before?: () => void;
  readonly pace: Pace | undefined;
}

export function typedRoutes(gate: Gate, groups: ResourceGroups, resource: ResourceType): TypedRoute {
  const { namespace, type, parameter, below, before } = resource;
  const paced = pacedBy(resource.pace);
  return (method, template, verb, handler, kind) =>
    gate({
      method,
      template,
      namespace,
      right: ({ url }) => ({ action: `${type}/${verb}`, scope: url.pathname.replace(below, "") }),
      handler(request) {
        const { id: groupId } = groups.require(request.param("resourceGroup"));
        before?.();
        const id = `${groupId}/providers/${type}/${request.params[parameter] ?? ""}`;
        if (kind === undefined) return handler(request, id);
        const answer = (asked: ArmRequest) => handler(asked, id);
        return paced(typeof kind === "string" ? kind : kind(id), answer)(request);
      },
    });
}
