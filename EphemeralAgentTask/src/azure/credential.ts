import type { TokenCredential } from "@azure/core-auth";
import { ClientSecretCredential } from "@azure/identity";
import type { AzureConnection } from "../settings.ts";

/** The credential of a service connection. A custom authority is not known to the identity library's discovery. */
export function credentialOf(azure: AzureConnection): TokenCredential {
  return new ClientSecretCredential(azure.tenantId, azure.clientId, azure.clientSecret, {
    authorityHost: azure.authorityUrl,
    disableInstanceDiscovery: azure.customAuthority,
  });
}
