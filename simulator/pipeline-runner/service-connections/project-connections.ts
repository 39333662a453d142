// The service connections of the simulated project.
import type { Azure } from "../../azure-services.ts";
import type { Organization } from "../../devops/organization.ts";
import type { ServicePrincipal } from "../../entra/directory.ts";
import type { Endpoint } from "../../job-execution/job/job-message.ts";
import type { ReadyFile } from "../../ready-file.ts";
import {
  acrConnection,
  acrConnectionOf,
  azureConnection,
  azureConnectionOf,
  connectionId,
  devOpsConnection,
  registryConnection,
  schemes,
} from "./connection-formats.ts";

export {
  acrConnection,
  acrConnectionOf,
  azureConnection,
  azureConnectionOf,
  devOpsConnection,
  registryConnection,
  schemes,
};

interface Parts extends Pick<Azure, "puller" | "registry" | "deployer" | "deployerCertificate" | "machine"> {
  readonly ready: ReadyFile;
  readonly registrar: ServicePrincipal;
}

/** The service connections of the simulated project, under the names that the samples use. */
export function projectConnections(simulator: Parts): Endpoint[] {
  const { ready, puller, registry, deployer, machine, registrar } = simulator;
  const { tenantId, organizationUrl, authority, registryUsername: username, registryPassword: password } = ready;
  const { server } = registry;
  const azure = (name: string, authorization: Endpoint["authorization"], managedIdentityClientId?: string) =>
    azureConnectionOf(name, ready, { authorization, ...(managedIdentityClientId && { managedIdentityClientId }) });
  const managedIdentity = schemes.managedIdentity(tenantId);
  return [
    azureConnection("azure-private-deployments", ready),
    azure("azure-certificate", schemes.certificate(tenantId, deployer.appId, simulator.deployerCertificate())),
    azure("azure-federated", schemes.federated(tenantId, deployer.appId)),
    azure("azure-managed-identity", managedIdentity),
    azure("azure-user-assigned-identity", managedIdentity, machine.userAssigned.principal.appId),
    acrConnection("agent-registry", { server, tenantId, clientId: puller.appId, clientSecret: puller.secret }),
    acrConnectionOf("registry-federated", server, schemes.federated(tenantId, puller.appId)),
    acrConnectionOf("registry-managed-identity", server, managedIdentity),
    registryConnection("other-registry", { server, username, password }),
    devOpsConnection("devops-federated", { organizationUrl, authority, tenantId, clientId: registrar.appId }),
  ];
}

/** Lets the organization vouch for those that are federated, and the applications behind them believe it. */
export function federateConnections(
  { entra, deployer, puller }: Pick<Azure, "entra" | "deployer" | "puller">,
  organization: Organization,
  registrar: ServicePrincipal,
  project: string,
): void {
  const federated = [
    { name: "azure-federated", signer: "tenant", principal: deployer },
    { name: "registry-federated", signer: "organization", principal: puller },
    { name: "devops-federated", signer: "tenant", principal: registrar },
  ] as const;
  for (const { name, signer, principal } of federated) {
    const federation = organization.addFederatedConnection({ id: connectionId(name), name, project, signer });
    entra.directory.addFederatedCredential(principal.appId, federation);
  }
  for (const name of ["azure-private-deployments", "azure-certificate", "agent-registry", "other-registry"]) {
    organization.addConnection(connectionId(name));
  }
}

/** What a machine with managed identities has in its environment; Microsoft's own machines have none. */
export function managedMachineEnvironment({ machine }: Pick<Azure, "machine">): Record<string, string> {
  return { AZURE_POD_IDENTITY_AUTHORITY_HOST: machine.metadataOrigin };
}
