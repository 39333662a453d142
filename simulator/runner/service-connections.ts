import { createHash } from "node:crypto";
import type { Simulator } from "../simulator.ts";
import type { Endpoint } from "../worker/job-message.ts";

/** The id a simulated service connection always has. */
function connectionId(name: string): string {
  const hash = createHash("sha256").update(`service connection ${name}`).digest("hex");
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

export interface PrincipalAt {
  readonly arm: string;
  readonly authority: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** An Azure Resource Manager connection by service principal and secret, to a custom cloud (facts aci-azure-sdk §4.1). */
export function azureConnection(name: string, at: PrincipalAt): Endpoint {
  return {
    id: connectionId(name),
    name,
    url: at.arm,
    authorization: {
      scheme: "ServicePrincipal",
      parameters: {
        serviceprincipalid: at.clientId,
        serviceprincipalkey: at.clientSecret,
        tenantid: at.tenantId,
        authenticationType: "spnKey",
      },
    },
    data: {
      environment: "AzureStack",
      environmentAuthorityUrl: at.authority,
      activeDirectoryAuthority: at.authority,
      activeDirectoryServiceEndpointResourceId: at.arm,
      scopeLevel: "Subscription",
      subscriptionid: at.subscriptionId,
      subscriptionname: "Simulated subscription",
      creationMode: "Manual",
    },
  };
}

/** A container registry connection of type ACR (facts aci-azure-sdk §4.6). */
export function acrConnection(
  name: string,
  at: { readonly server: string; readonly clientId: string; readonly clientSecret: string; readonly tenantId: string },
): Endpoint {
  return {
    id: connectionId(name),
    name,
    url: `https://${at.server}`,
    authorization: {
      scheme: "ServicePrincipal",
      parameters: {
        loginServer: at.server,
        serviceprincipalid: at.clientId,
        serviceprincipalkey: at.clientSecret,
        tenantid: at.tenantId,
        scheme: "ServicePrincipal",
      },
    },
    data: { registrytype: "ACR", registryId: at.server },
  };
}

/** A generic container registry connection: user name and password (facts aci-azure-sdk §4.6). */
export function registryConnection(
  name: string,
  at: { readonly server: string; readonly username: string; readonly password: string },
): Endpoint {
  return {
    id: connectionId(name),
    name,
    url: "https://hub.docker.com/",
    authorization: {
      scheme: "UsernamePassword",
      parameters: { registry: `https://${at.server}`, username: at.username, password: at.password, email: "" },
    },
    data: { registrytype: "Others" },
  };
}

/** The service connections of the simulated project, under the names that the samples use. */
export function projectConnections({
  ready,
  puller,
  registry,
}: Pick<Simulator, "ready" | "puller" | "registry">): Endpoint[] {
  const { tenantId, registryUsername: username, registryPassword: password } = ready;
  const { server } = registry;
  return [
    azureConnection("azure-private-deployments", ready),
    acrConnection("agent-registry", { server, tenantId, clientId: puller.appId, clientSecret: puller.secret }),
    registryConnection("other-registry", { server, username, password }),
  ];
}
