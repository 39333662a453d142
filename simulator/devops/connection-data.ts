import { randomUUID } from "node:crypto";
import type { Api } from "./api.ts";
import type { Identity } from "./identities.ts";
import { locations } from "./location-table.ts";

/** What a client learns when it connects: who it is, and where every resource is (facts agent-protocol §1.1, §3.3). */
export function serveConnectionData(api: Api, serverUrl: string, instanceId: string): void {
  const deploymentId = randomUUID();
  api.route(
    "GET",
    "_apis/connectionData",
    (request) => {
      const user = identityView(request.caller.identity, instanceId);
      const body = {
        authenticatedUser: user,
        authorizedUser: user,
        instanceId,
        deploymentId,
        deploymentType: "hosted",
        locationServiceData: locationServiceData(serverUrl, request.query("lastChangeId") === "1"),
      };
      return { status: 200, body };
    },
    { agents: true },
  );
}

/** A build service is known by whom it works for; the name that people see is beside that. */
function identityView(identity: Identity, instanceId: string): object {
  const { id, kind, displayName } = identity;
  const prefix =
    kind === "user" ? "Microsoft.IdentityModel.Claims.ClaimsIdentity" : "Microsoft.TeamFoundation.ServiceIdentity";
  const subject = kind === "buildService" ? `${instanceId}:Build:${identity.worksFor}` : id;
  const names =
    kind === "buildService"
      ? { providerDisplayName: identity.worksFor, customDisplayName: displayName }
      : { providerDisplayName: displayName };
  return {
    id,
    descriptor: `${prefix};${subject}`,
    subjectDescriptor: `${kind === "user" ? "aad" : "svc"}.${Buffer.from(subject).toString("base64url")}`,
    ...names,
    isActive: true,
    properties: { Account: { $type: "System.String", $value: displayName } },
  };
}

/** @param fresh the client knows this state already, so the definitions are left out. */
function locationServiceData(serverUrl: string, fresh: boolean): object {
  const serviceOwner = "00025394-6065-48ca-87d9-7f5672854ef7";
  return {
    serviceOwner,
    defaultAccessMappingMoniker: "HostGuidAccessMapping",
    lastChangeId: 1,
    lastChangeId64: 1,
    clientCacheFresh: fresh,
    clientCacheTimeToLive: 3600,
    ...(fresh
      ? {}
      : {
          accessMappings: [
            {
              displayName: "Host Guid Access Mapping",
              moniker: "HostGuidAccessMapping",
              accessPoint: serverUrl,
              serviceOwner,
              virtualDirectory: "",
            },
          ],
          serviceDefinitions: locations.map((location) => ({
            serviceType: location.area,
            identifier: location.id,
            displayName: location.resourceName,
            relativeToSetting: "fullyQualified",
            description: "",
            serviceOwner,
            locationMappings: [],
            toolId: location.area,
            relativePath: `/${location.routeTemplate}`,
            resourceVersion: location.resourceVersion,
            minVersion: "1.0",
            maxVersion: "7.2",
            releasedVersion: location.released ? "7.1" : "0.0",
          })),
        }),
  };
}
