// Gets access tokens from Microsoft Entra ID. A credential of the SDK that failed is not used again, so each attempt is a
// real one.
import { AsyncLocalStorage } from "node:async_hooks";
import type { TokenCredential } from "@azure/core-auth";
import type { HttpClient } from "@azure/core-rest-pipeline";
import {
  ClientAssertionCredential,
  ClientCertificateCredential,
  ClientSecretCredential,
  ManagedIdentityCredential,
} from "@azure/identity";
import { expect, refusals, shapes } from "../../http/answer-validation.ts";
import { once, type SdkWay, sdkClient } from "../../http/azure-sdk-http-client.ts";
import type { Asked } from "../../http/connection-errors.ts";
import type { Answer } from "../../http/send-request.ts";
import type { Transport } from "../../http/transport.ts";
import type { AzureIdentity } from "../../ports/connections.ts";
import { ServiceFault } from "../../ports.ts";
import { entraFault, entraRefusal } from "../errors/entra-errors.ts";
import { oidcToken } from "./oidc-token.ts";

export interface Authority {
  readonly identity: AzureIdentity;
  readonly authorityUrl: string;
  /** Not known to the identity library's own discovery. */
  readonly customAuthority: boolean;
}

const scopeOf = (resource: string) => `${resource.replace(/\/+$/, "")}/.default`;

/**
 * By an SDK credential of its own: that remembers failures, and requests without an answer.
 * @param resource that the token is for, e.g. `https://management.azure.com/`
 * @throws `ServiceFault`
 */
export async function freshToken(authority: Authority, resource: string, signal: AbortSignal, transport: Transport) {
  let fault: ServiceFault | undefined;
  const noted = (failure: ServiceFault) => {
    fault = entraRefusal(failure, authority.identity.kind);
  };
  try {
    const { credential, own } = sdkCredential(authority, { signal, failed: noted }, transport);
    const asking = () => credential.getToken(scopeOf(resource), { abortSignal: signal });
    const access = await (own ? flying.run(own, asking) : asking());
    if (access === null) throw new Error(`no token came for ${resource}.`);
    // A service, or a proxy on the way, may repeat it in a refusal.
    transport.mask(access.token);
    return access;
  } catch (error) {
    // The libraries put errors of their own in the place of what went wrong, and keep less of it.
    throw fault ?? entraFault(error, authority.identity.kind);
  }
}

/** A service, or a proxy on the way, may repeat what it was sent, in the form in which it was sent. */
function hide(body: string, transport: Transport): void {
  const sent = new URLSearchParams(body);
  for (const name of ["client_assertion", "client_secret"]) {
    const secret = sent.get(name);
    if (!secret) continue;
    transport.mask(secret);
    transport.mask(encodeURIComponent(secret));
  }
}

/** The libraries take what lacks these for a token that has ended, or for none. */
const isToken = (json: unknown): json is object =>
  shapes.record(json) &&
  typeof json.access_token === "string" &&
  json.access_token !== "" &&
  // Numbers, or text: some of the machine's services write a date.
  [json.expires_in, json.expires_on].some((end) => (typeof end === "string" && end !== "") || Number(end) > 0);

const isConfiguration = (json: unknown): json is object =>
  shapes.record(json) && typeof json.issuer === "string" && typeof json.token_endpoint === "string";

/** What they read before they ask for a token: where tokens are. */
function tokenOrDocument(asked: Asked, { status }: Answer, json: unknown): void {
  if (asked.method === "POST" || /^(http:|.*\/oauth2\/token\b)/.test(asked.url))
    expect(asked, status, json, "a token", isToken);
  else if (/openid-configuration/.test(asked.url)) expect(asked, status, json, "a table of addresses", isConfiguration);
  else expect(asked, status, json, "an object", shapes.record);
}

type Watch = Required<Pick<SdkWay, "signal" | "failed">>;

/**
 * What a request for a token of a managed identity goes through. The library makes its source of them once in a process, with
 * the client of the first credential, whose time is over when the next one asks.
 */
const flying = new AsyncLocalStorage<HttpClient>();

const ofFlight: HttpClient = {
  sendRequest(request) {
    const client = flying.getStore();
    if (client === undefined) throw new Error(`nobody waits for the answer of ${request.url}.`);
    return client.sendRequest(request);
  },
};

interface SdkCredential {
  readonly credential: TokenCredential;
  /** Must be in `flying` while the credential is asked. */
  readonly own?: HttpClient;
}

function sdkCredential(authority: Authority, watch: Watch, transport: Transport): SdkCredential {
  const { identity, authorityUrl, customAuthority } = authority;
  const way: SdkWay = {
    ...watch,
    service: "Microsoft Entra ID",
    refusal: refusals.oauth,
    changes: () => false,
    limitMs: 20_000,
    sending: (body) => hide(body, transport),
    check: tokenOrDocument,
  };
  const options = {
    authorityHost: authorityUrl,
    disableInstanceDiscovery: customAuthority,
    ...once,
    httpClient: sdkClient(way, transport),
  };
  switch (identity.kind) {
    case "secret":
      return {
        credential: new ClientSecretCredential(identity.tenantId, identity.clientId, identity.secret, options),
      };
    case "certificate": {
      const { tenantId, clientId, certificate } = identity;
      return { credential: new ClientCertificateCredential(tenantId, clientId, { certificate }, options) };
    }
    case "federated": {
      const assertion = () =>
        oidcToken(identity.oidc, identity.connectionId, transport, watch.signal).catch((error: unknown) => {
          if (error instanceof ServiceFault) watch.failed(error);
          throw error;
        });
      const { tenantId, clientId } = identity;
      return { credential: new ClientAssertionCredential(tenantId, clientId, assertion, options) };
    }
    case "managed": {
      // The metadata service and its kin are addresses of this machine: a proxy would ask its own.
      const own = sdkClient({ ...way, local: true }, transport);
      const local = { ...once, httpClient: ofFlight };
      const credential = identity.clientId
        ? new ManagedIdentityCredential({ clientId: identity.clientId, ...local })
        : new ManagedIdentityCredential(local);
      return { credential, own };
    }
  }
}
