import type { TokenCredential } from "@azure/core-auth";
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
} from "@azure/identity";
import type { AzureIdentity } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { clientOptions } from "./client-options.ts";
import { oidcToken } from "./oidc.ts";

export interface Authority {
  readonly identity: AzureIdentity;
  readonly authorityUrl: string;
  /** Not known to the identity library's own discovery. */
  readonly customAuthority: boolean;
}

/** Hides every token that it gives: a service, or a proxy on the way, may repeat it in a refusal. */
function hiding(credential: TokenCredential, transport: Transport): TokenCredential {
  return {
    async getToken(scopes, options) {
      const access = await credential.getToken(scopes, options);
      if (access !== null) transport.mask(access.token);
      return access;
    },
  };
}

/**
 * The credential of a service connection. Nothing of it is on disk; a federated one gets a fresh assertion for each token,
 * so that a long wait outlives the first (facts aci-azure-sdk §4.1, pitfalls).
 */
export function credentialOf(authority: Authority, transport: Transport): TokenCredential {
  return hiding(sdkCredential(authority, transport), transport);
}

function sdkCredential(authority: Authority, transport: Transport): TokenCredential {
  const { identity, authorityUrl, customAuthority } = authority;
  const options = {
    authorityHost: authorityUrl,
    disableInstanceDiscovery: customAuthority,
    ...clientOptions(authorityUrl, transport),
  };
  switch (identity.kind) {
    case "secret":
      return new ClientSecretCredential(identity.tenantId, identity.clientId, identity.secret, options);
    case "certificate":
      return new ClientCertificateCredential(
        identity.tenantId,
        identity.clientId,
        { certificate: identity.certificate },
        options,
      );
    case "federated": {
      const assertion = () => oidcToken(identity.oidc, identity.connectionId, transport);
      return new ClientAssertionCredential(identity.tenantId, identity.clientId, assertion, options);
    }
    case "managed":
      return identity.clientId
        ? new ManagedIdentityCredential({ clientId: identity.clientId })
        : new ManagedIdentityCredential();
  }
}
