// Service connections in the form in which an agent gets them, one for each scheme (facts aci-azure-sdk §4.1, §4.4, §4.6).
import { createHash } from "node:crypto";
import type { Endpoint } from "../../job-execution/job/job-message.ts";

/** The id a simulated service connection always has. */
export function connectionId(name: string): string {
  const hash = createHash("sha256").update(`service connection ${name}`).digest("hex");
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`;
}

/** Where a connection to Azure leads. */
interface AzurePlace {
  readonly arm: string;
  readonly authority: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
}

interface PrincipalAt extends AzurePlace {
  readonly clientId: string;
  readonly clientSecret: string;
}

export type Cloud = "AzureStack" | "AzureCloud" | "AzureChinaCloud" | "AzureUSGovernment";

type Authorization = Endpoint["authorization"];

/** How a connection proves whom it stands for. */
export const schemes = {
  secret: (tenantId: string, clientId: string, secret: string): Authorization => ({
    scheme: "ServicePrincipal",
    parameters: {
      serviceprincipalid: clientId,
      serviceprincipalkey: secret,
      tenantid: tenantId,
      authenticationType: "spnKey",
    },
  }),
  /** @param pem key and certificate in one text. */
  certificate: (tenantId: string, clientId: string, pem: string): Authorization => ({
    scheme: "ServicePrincipal",
    parameters: {
      serviceprincipalid: clientId,
      servicePrincipalCertificate: pem,
      tenantid: tenantId,
      authenticationType: "spnCertificate",
    },
  }),
  federated: (tenantId: string, clientId: string): Authorization => ({
    scheme: "WorkloadIdentityFederation",
    parameters: { serviceprincipalid: clientId, tenantid: tenantId },
  }),
  managedIdentity: (tenantId: string): Authorization => ({
    scheme: "ManagedServiceIdentity",
    parameters: { tenantid: tenantId },
  }),
} as const;

export interface AzureForm {
  readonly authorization: Authorization;
  /** A custom cloud when left out; whichever it is, its addresses are in the connection. */
  readonly cloud?: Cloud;
  /** Of a user-assigned identity; the machine's own is meant when left out. */
  readonly managedIdentityClientId?: string;
}

/** An Azure Resource Manager connection. */
export function azureConnectionOf(name: string, at: AzurePlace, form: AzureForm): Endpoint {
  const { authorization, cloud = "AzureStack", managedIdentityClientId } = form;
  // The addresses of the service's own clouds end with a slash, those of a custom one do not.
  const end = cloud === "AzureStack" ? "" : "/";
  return {
    id: connectionId(name),
    name,
    url: at.arm + end,
    authorization,
    data: {
      environment: cloud,
      environmentAuthorityUrl: at.authority + end,
      activeDirectoryAuthority: at.authority + end,
      activeDirectoryServiceEndpointResourceId: at.arm + end,
      microsoftGraphUrl: at.authority + end,
      scopeLevel: "Subscription",
      subscriptionid: at.subscriptionId,
      subscriptionname: "Simulated subscription",
      creationMode: "Manual",
      ...(managedIdentityClientId && { msiclientId: managedIdentityClientId }),
    },
  };
}

/** An Azure Resource Manager connection by service principal and secret, to a custom cloud. */
export function azureConnection(name: string, at: PrincipalAt): Endpoint {
  const { tenantId, clientId, clientSecret } = at;
  return azureConnectionOf(name, at, { authorization: schemes.secret(tenantId, clientId, clientSecret) });
}

/** A container registry connection of type ACR. */
export function acrConnectionOf(name: string, server: string, { scheme, parameters }: Authorization): Endpoint {
  return {
    id: connectionId(name),
    name,
    url: `https://${server}`,
    authorization: { scheme, parameters: { ...parameters, loginServer: server, scheme } },
    data: { registrytype: "ACR", registryId: server },
  };
}

/** A container registry connection of type ACR by service principal and secret. */
export function acrConnection(
  name: string,
  at: { readonly server: string; readonly clientId: string; readonly clientSecret: string; readonly tenantId: string },
): Endpoint {
  return acrConnectionOf(name, at.server, schemes.secret(at.tenantId, at.clientId, at.clientSecret));
}

/** A generic container registry connection: user name and password. */
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

/** A connection to Azure DevOps itself by workload identity: its type is `workloadidentityuser`. */
export function devOpsConnection(
  name: string,
  at: {
    readonly organizationUrl: string;
    readonly authority: string;
    readonly tenantId: string;
    readonly clientId: string;
  },
): Endpoint {
  return {
    id: connectionId(name),
    name,
    url: at.organizationUrl,
    authorization: {
      scheme: "WorkloadIdentityFederation",
      parameters: { TenantId: at.tenantId, ServicePrincipalId: at.clientId },
    },
    // The service's own connections name no authority, for there is only one; here it has to be told.
    data: { activeDirectoryAuthority: at.authority },
  };
}
