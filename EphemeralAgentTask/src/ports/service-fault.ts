// What a service answered when it did not do what was asked.

import type { AzureIdentity } from "./connections.ts";

/**
 * What stands behind a fault. Only a `refusal` is the service's own word, so only a `refusal` can say that something is not
 * there; the others are about the way to it.
 */
export type FaultKind =
  /** The service itself refused or failed, in an answer that was understood. */
  | "refusal"
  /** A sign-in page, or a redirect to one: the credential was not taken. */
  | "signIn"
  /** No answer: unreachable, cut off, or not in time. */
  | "silence"
  /** The host showed a certificate that this machine does not trust. */
  | "certificate"
  /** The proxy did not let the request through. */
  | "proxy"
  /** Something answered that the service does not answer: a page, half a body, another content type or shape. */
  | "foreign";

export interface FaultDetails {
  /** `refusal` when left out. */
  readonly kind?: FaultKind;
  readonly status?: number;
  /** Host that was asked, with its port when that is not the usual one. */
  readonly host?: string;
  /** The same request may succeed when sent again. */
  readonly retryable?: boolean;
  /** It seldom does: worth a second try and a third, not a minute. */
  readonly seldomPasses?: boolean;
  /** The request may have been carried out although its answer did not arrive, or said nothing. */
  readonly ambiguous?: boolean;
  /** Milliseconds the service asked to wait, however long. */
  readonly retryAfterMs?: number;
  /** Whom the connection signs in as, when signing in is what failed. */
  readonly identity?: AzureIdentity["kind"];
  /** Where a container group was to go, when that is what was refused. */
  readonly place?: { readonly subnetId?: string; readonly location?: string };
  /** Address of the page on which the missing right is given. */
  readonly page?: string;
  /** The policies that refused a request. */
  readonly policies?: readonly PolicyViolation[];
}

/** A policy that refused a request, by its names for people. */
export interface PolicyViolation {
  readonly policy: string;
  readonly assignment: string;
  readonly assignmentId: string;
  /** Where it is assigned; empty when the service did not say. */
  readonly scope: string;
  /** What it looked at: `tags[costCenter] exists false`, `location 'westeurope' notIn northeurope`. */
  readonly rules: readonly {
    readonly field: string;
    readonly operator: string;
    readonly value?: string;
    readonly wanted: string;
  }[];
}

/** The same fault with more behind it; anything else as it is. */
export const withDetails = (error: unknown, more: FaultDetails): unknown =>
  error instanceof ServiceFault
    ? new ServiceFault(error.service, error.code, error.message, { ...error.details, ...more })
    : error;

/** What a service answered when it did not do what was asked. Adapters throw nothing else for a failed request. */
export class ServiceFault extends Error {
  override readonly name = "ServiceFault";
  constructor(
    readonly service: "Azure" | "Azure DevOps" | "Microsoft Entra ID",
    /**
     * The service's own error code or type key, e.g. `SubnetMissingRequiredDelegation`. Where none came: the network's, e.g.
     * `ECONNRESET` or `SELF_SIGNED_CERT_IN_CHAIN`, or `NoAnswer`, `SignInPage`, `ProxyRefused`, `NotUnderstood`.
     */
    readonly code: string,
    message: string,
    readonly details: FaultDetails = {},
  ) {
    super(message);
  }

  get kind(): FaultKind {
    return this.details.kind ?? "refusal";
  }
}
