// Role definitions, assignments and the caller's own permissions, at any scope: of the subscription, of a resource group,
// or of a resource, where they lie below a second `/providers/`.
import type { Directory } from "../../entra/directory.ts";
import type { SimResponse } from "../../http/https-site.ts";
import { armError, notSimulated } from "../arm-error.ts";
import { objectBody } from "../json-body.ts";
import type { ArmRequest, Gate } from "../request-authorization.ts";
import { isWithin } from "../resources/resource-id.ts";
import { Locks } from "./management-locks.ts";
import type { Access } from "./permission-check.ts";
import { RoleAssignments } from "./role-assignments.ts";
import { RoleDefinitions } from "./role-definitions.ts";

interface AuthorizationSetting {
  readonly access: Access;
  readonly subscriptionId: string;
  readonly directory: Directory;
  /** Whether reading one's own permissions takes a right itself; nobody could try it. */
  readonly permissionsNeedRight: boolean;
}

const namespace = "Microsoft.Authorization";
const pattern = /^(.*)\/providers\/Microsoft\.Authorization\/([^/]+)(?:\/([^/]+))?\/*$/i;
const verbs: Readonly<Record<string, string>> = { GET: "read", PUT: "write", DELETE: "delete" };

interface Asked {
  readonly scope: string;
  readonly type: string;
  readonly name: string | undefined;
}

export function serveAuthorization(gate: Gate, setting: AuthorizationSetting): void {
  const { access, subscriptionId, directory } = setting;
  const roles = new RoleDefinitions(subscriptionId, access);
  const assignments = new RoleAssignments(access, roles, directory);

  const locks = new Locks();

  const answers: Readonly<Record<string, (request: ArmRequest, asked: Asked) => SimResponse>> = {
    "GET permissions": ({ principal }, { scope }) => {
      const value = access
        .of(principal.objectId)
        .filter((assignment) => isWithin(scope, assignment.scope))
        .map(({ role }) => roles.permissions(role));
      return { status: 200, body: { value } };
    },
    "GET roledefinitions": ({ url }, { scope, name }) => {
      if (name === undefined)
        return { status: 200, body: { value: roles.list(scope, url.searchParams.get("$filter")) } };
      const found = roles.find(name);
      if (found !== undefined) return { status: 200, body: roles.view(found) };
      throw armError(
        404,
        "RoleDefinitionDoesNotExist",
        `The specified role definition with ID '${name}' does not exist.`,
      );
    },
    "PUT roledefinitions": (request, { name = "" }) => {
      const view = roles.view(roles.put(name, objectBody(request)));
      // The answer of the PUT alone does not say who made it (recorded).
      return { status: 201, body: { ...view, properties: { ...view.properties, createdBy: null } } };
    },
    "DELETE roledefinitions": (_, { name = "" }) => {
      const found = roles.find(name);
      if (found === undefined) return { status: 204 };
      roles.delete(found);
      return { status: 200, body: roles.view(found) };
    },
    "GET locks": (_, { scope, name }) => locks.get(scope, name),
    "PUT locks": (request, { scope, name = "" }) => locks.put(scope, name, objectBody(request)),
    "DELETE locks": (_, { scope, name = "" }) => locks.delete(scope, name),
    "GET roleassignments": ({ url }, { scope, name }) => {
      if (name === undefined) {
        return { status: 200, body: { value: assignments.list(scope, url.searchParams.get("$filter")) } };
      }
      const found = assignments.find(name);
      if (found !== undefined) return { status: 200, body: assignments.view(found) };
      throw armError(404, "RoleAssignmentNotFound", `The role assignment '${name}' is not found.`);
    },
    "PUT roleassignments": (request, { scope, name = "" }) =>
      assignments.put(scope, name.toLowerCase(), objectBody(request)),
    "DELETE roleassignments": (_, { name = "" }) => {
      const found = assignments.find(name);
      if (found === undefined) return { status: 204 };
      const body = assignments.view(found);
      assignments.remove(name);
      return { status: 200, body };
    },
  };

  const handler = (request: ArmRequest): SimResponse => {
    const asked = ask(request);
    const answer = answers[`${request.method} ${asked.type.toLowerCase()}`];
    if (answer === undefined) throw notSimulated(`${request.method} of ${namespace}/${asked.type}`);
    return answer(request, asked);
  };
  const right = (request: ArmRequest) => {
    const { scope, type } = ask(request);
    const free = type.toLowerCase() === "permissions" && !setting.permissionsNeedRight;
    return free ? undefined : { action: `${namespace}/${type}/${verbs[request.method] ?? "action"}`, scope };
  };
  const scopes = [
    `/subscriptions/:subscription/providers/${namespace}`,
    `/subscriptions/:subscription/resourceGroups/:resourceGroup/providers/${namespace}`,
  ];
  for (const method of Object.keys(verbs)) {
    for (const scope of scopes) {
      gate({ method, template: `${scope}/:path*`, namespace, right, handler });
    }
    gate({ method, template: `/providers/${namespace}/:path*`, namespace, right, handler });
    // At a resource; what else its path could mean is told from it.
    const extended = "/subscriptions/:subscription/resourceGroups/:resourceGroup/providers/:namespace/:path*";
    gate({ method, template: extended, namespace, applies: ({ url }) => pattern.test(url.pathname), right, handler });
  }
}

function ask(request: ArmRequest): Asked {
  const [, scope = "", type = "", name] = pattern.exec(decodeURI(request.url.pathname)) ?? [];
  return { scope: scope === "" ? "/" : scope, type, name };
}
