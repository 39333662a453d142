// Microsoft Graph, as far as the Azure CLI uses it to assign roles.
import type { SimResponse, Site } from "../http/https-site.ts";
import { TokenRefused, type Tokens } from "./access-tokens.ts";
import type { Directory, ServicePrincipal } from "./directory.ts";

/**
 * Microsoft Graph, as far as the Azure CLI asks it when roles are assigned: which service principal an id means. The
 * login site's own address is the resource to ask tokens for.
 */
export function serveGraph(site: Site, directory: Directory, tokens: Tokens): void {
  const guarded = (method: string, template: string, handler: (text: string) => SimResponse): void =>
    site.route(method, template, async ({ headers, url, body, params }) => {
      try {
        await tokens.verify(/^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? "", [site.origin]);
      } catch (error) {
        if (!(error instanceof TokenRefused)) throw error;
        const message = `Access token validation failure. ${error.message}`;
        return { status: 401, body: { error: { code: "InvalidAuthenticationToken", message } } };
      }
      if (method !== "GET") return handler(body.toString("utf8"));
      return handler(params.id ?? url.searchParams.get("$filter") ?? "");
    });

  guarded("GET", "/v1.0/servicePrincipals", (filter) => {
    const [, name] = /^startswith\(displayName, ?'([^']+)'\)$/i.exec(filter) ?? [];
    if (name !== undefined) {
      const named = directory.list().filter(({ displayName }) => displayName.startsWith(name));
      return { status: 200, body: { value: named.map(view) } };
    }
    const id = /^(?:servicePrincipalNames\/any\(c: ?c eq '([^']+)'\)|appId eq '([^']+)')$/.exec(filter);
    if (id === null) return unknownFilter(filter);
    const found = directory.find(id[1] ?? id[2] ?? "");
    return { status: 200, body: { value: found === undefined ? [] : [view(found)] } };
  });
  guarded("GET", "/v1.0/servicePrincipals/:id", (id) => {
    const found = directory.list().find(({ objectId }) => objectId === id.toLowerCase());
    if (found !== undefined) return { status: 200, body: view(found) };
    const message = `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`;
    return { status: 404, body: { error: { code: "Request_ResourceNotFound", message } } };
  });
  guarded("POST", "/v1.0/directoryObjects/getByIds", (body) => {
    const found = directory.list().filter(({ objectId }) => body.includes(objectId));
    return { status: 200, body: { value: found.map(view) } };
  });
}

function unknownFilter(filter: string): SimResponse {
  const message = `The simulator does not know the filter '${filter}' of service principals.`;
  return { status: 501, body: { error: { code: "NotImplemented", message } } };
}

function view({ appId, objectId, displayName }: ServicePrincipal): object {
  return {
    "@odata.type": "#microsoft.graph.servicePrincipal",
    id: objectId,
    appId,
    displayName,
    servicePrincipalNames: [appId],
    servicePrincipalType: "Application",
  };
}
