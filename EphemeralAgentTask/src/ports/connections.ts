// How to reach Azure, Azure DevOps and a registry, and whom to sign in as: what the service connections say.

/** Where a job gets its OIDC tokens, and the job token that it shows there. */
export interface OidcSource {
  readonly requestUri: string;
  readonly jobToken: string;
}

/** The identity that a service connection signs in as. */
export type AzureIdentity =
  | { readonly kind: "secret"; readonly tenantId: string; readonly clientId: string; readonly secret: string }
  /** PEM text with key and certificate. */
  | { readonly kind: "certificate"; readonly tenantId: string; readonly clientId: string; readonly certificate: string }
  | {
      readonly kind: "federated";
      readonly tenantId: string;
      readonly clientId: string;
      readonly connectionId: string;
      readonly oidc: OidcSource;
    }
  /** The managed identity of the machine that this task runs on. */
  | { readonly kind: "managed"; readonly clientId?: string };

/** How to reach Azure: everything comes from the service connection. */
export interface AzureConnection {
  readonly identity: AzureIdentity;
  /** `AzureCloud`, `AzureChinaCloud`, `AzureUSGovernment`, `AzureStack`, … */
  readonly environment: string;
  readonly subscriptionId: string;
  /** Azure Resource Manager's address, without a trailing slash. */
  readonly armUrl: string;
  /** Where tokens come from, without a trailing slash. */
  readonly authorityUrl: string;
  /** Resource whose `/.default` is asked for. */
  readonly audience: string;
  /** False for the public clouds, whose authority the identity library knows. */
  readonly customAuthority: boolean;
}

/** How to sign in to the image's registry. */
export type RegistryAccess =
  | { readonly kind: "password"; readonly server: string; readonly username: string; readonly password: string }
  /** A token of this identity is exchanged for one of the registry. */
  | { readonly kind: "exchange"; readonly server: string; readonly tenantId: string; readonly as: AzureConnection }
  /** A user-assigned identity of the group pulls. */
  | { readonly kind: "identity"; readonly server: string; readonly identityId: string };

/** A job token goes as a bearer token, a personal access token as basic authentication, an Entra token is renewed. */
export type DevOpsToken =
  | { readonly kind: "bearer" | "personalAccessToken"; readonly token: string }
  | {
      readonly kind: "entra";
      readonly identity: AzureIdentity;
      readonly authorityUrl: string;
      readonly customAuthority: boolean;
    };

export interface DevOpsConnection {
  /** The organization or collection, with a trailing slash. */
  readonly url: string;
  readonly token: DevOpsToken;
  /** The job's own token: it may always read the run it belongs to. */
  readonly jobToken: string;
}
