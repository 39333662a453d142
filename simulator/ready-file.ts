// The file that tells others the addresses and secrets of a simulator.
import { rename, writeFile } from "node:fs/promises";
import type { Azure } from "./azure-services.ts";
import type { Organization } from "./devops/organization.ts";
import type { OrganizationOptions } from "./devops/organization-options.ts";

/** All that somebody outside needs to know to use a simulator. The secrets in it are worth nothing elsewhere. */
export interface ReadyFile {
  /** Azure Resource Manager, also the resource to ask tokens for. */
  readonly arm: string;
  /** Entra; the tenant is a path below it. */
  readonly authority: string;
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** The service principal of the service connection, with the least rights that the product needs. */
  readonly clientId: string;
  readonly clientSecret: string;
  /** Its object id, which role assignments name. */
  readonly clientObjectId: string;
  readonly organizationUrl: string;
  readonly project: string;
  /** Personal access token that may administer every pool; also taken as a job token. */
  readonly pat: string;
  /** PEM file of the authority that signed every certificate. */
  readonly caFile: string;
  readonly pool: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly subnetId: string;
  readonly registryServer: string;
  /** Pulled without credentials; has no agent in it. */
  readonly image: string;
  /** Pulled without credentials; has the agent in it. */
  readonly bakedImage: string;
  /** Pulled with `registryUsername` and `registryPassword` only. */
  readonly privateImage: string;
  readonly registryUsername: string;
  readonly registryPassword: string;
  /** A service principal that owns the subscription, for scripts that set things up. */
  readonly administratorClientId: string;
  readonly administratorClientSecret: string;
  /** Answers only inside the network of `subnetId`. */
  readonly privateResource: string;
}

export function readyFile(
  azure: Azure,
  organization: Organization,
  { projects, pools }: OrganizationOptions,
  caFile: string,
): ReadyFile {
  return {
    arm: azure.armOrigin,
    authority: azure.authority,
    tenantId: azure.entra.tenantId,
    subscriptionId: azure.arm.subscriptionId,
    clientId: azure.deployer.appId,
    clientSecret: azure.deployer.secret,
    clientObjectId: azure.deployer.objectId,
    organizationUrl: organization.url,
    project: projects[0] ?? "",
    pat: organization.pat,
    caFile,
    pool: pools[0] ?? "",
    resourceGroup: azure.resourceGroup,
    location: azure.location,
    subnetId: azure.subnetId,
    registryServer: azure.registry.server,
    image: azure.registry.image,
    bakedImage: azure.registry.bakedImage,
    privateImage: azure.registry.privateImage,
    registryUsername: azure.registryAccount.username,
    registryPassword: azure.registryAccount.password,
    administratorClientId: azure.administrator.appId,
    administratorClientSecret: azure.administrator.secret,
    privateResource: azure.network.privateResource.url,
  };
}

/** Writes the file whole or not at all, so that whoever waits for it never reads half of it. */
export async function writeReadyFile(path: string, ready: ReadyFile): Promise<void> {
  const partial = `${path}.partial`;
  await writeFile(partial, `${JSON.stringify(ready, undefined, 2)}\n`, { mode: 0o600 });
  await rename(partial, path);
}
