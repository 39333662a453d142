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
import { ServiceFault, withDetails } from "../../ports.ts";
import { entraFault, entraRefusal } from "../errors/entra-errors.ts";
import { oidcToken } from "./oidc-token.ts";

interface Authority {
  readonly identity: AzureIdentity;
  readonly authorityUrl: string;
  /** Not known to the identity library's own discovery. */
  readonly customAuthority: boolean;
}

export interface Credential {
  /**
   * A token that is good for some minutes at least.
   * @param resource that the token is for, e.g. `https://management.azure.com/`
   * @throws `ServiceFault`
   */
  token(resource: string, signal?: AbortSignal): Promise<string>;
  /**
   * Sends with a token. One that is refused is not given out again: it may have been revoked before its time, so another
   * attempt goes with a new one.
   * @param send gets the value of the header `Authorization`
   * @throws `ServiceFault`; what `send` throws
   */
  authorized<T>(resource: string, send: (authorization: string) => Promise<T>, signal?: AbortSignal): Promise<T>;
}

const refusesToken = (error: unknown): error is ServiceFault =>
  error instanceof ServiceFault && (error.details.status === 401 || error.kind === "signIn");

/** Milliseconds for all requests that one token takes. Less than an attempt has: the next attempt begins anew. */
const flightMs = 45_000;

/** Milliseconds before its end in which a token is not given out any more. */
const reserveMs = 5 * 60_000;

interface Flight {
  readonly token: Promise<string>;
  readonly stop: AbortController;
  waiting: number;
}

interface Kept {
  readonly token: string;
  /** Milliseconds by a clock that nobody sets: a machine whose date is set back would keep a token that is over. */
  readonly until: number;
}

/** By identity: whoever asks for the same token at the same time waits for the same requests. */
const credentials = new WeakMap<Transport, WeakMap<AzureIdentity, Credential>>();

/**
 * The credential of a service connection. Nothing of it is on disk; a federated one gets a fresh assertion for each token,
 * so that a long wait outlives the first (facts aci-azure-sdk §4.1, pitfalls).
 */
export function credentialOf(authority: Authority, transport: Transport): Credential {
  const ofTransport = credentials.get(transport) ?? new WeakMap<AzureIdentity, Credential>();
  credentials.set(transport, ofTransport);
  const credential = ofTransport.get(authority.identity) ?? newCredential(authority, transport);
  ofTransport.set(authority.identity, credential);
  return credential;
}

function newCredential(authority: Authority, transport: Transport): Credential {
  const kept = new Map<string, Kept>();
  const flights = new Map<string, Flight>();

  async function fetched(resource: string, signal: AbortSignal): Promise<string> {
    const access = await freshToken(authority, resource, signal, transport);
    kept.set(resource, {
      token: access.token,
      until: performance.now() + access.expiresOnTimestamp - Date.now() - reserveMs,
    });
    return access.token;
  }

  function fly(resource: string): Flight {
    const stop = new AbortController();
    const landed = () => {
      if (flights.get(resource) === flight) flights.delete(resource);
    };
    const limit = AbortSignal.timeout(flightMs);
    const token = fetched(resource, AbortSignal.any([stop.signal, limit])).finally(landed);
    const flight: Flight = { token, stop, waiting: 0 };
    flights.set(resource, flight);
    return flight;
  }

  const credential: Credential = {
    token(resource, signal) {
      const there = kept.get(resource);
      if (there && there.until > performance.now()) return Promise.resolve(there.token);
      const flight = flights.get(resource) ?? fly(resource);
      flight.waiting++;
      return new Promise((resolve, reject) => {
        const leave = () => {
          flight.waiting--;
          signal?.removeEventListener("abort", giveUp);
        };
        const giveUp = () => {
          leave();
          reject(new ServiceFault("Microsoft Entra ID", "NoAnswer", "given up.", { kind: "silence", retryable: true }));
          if (flight.waiting > 0) return;
          flights.delete(resource);
          flight.stop.abort();
        };
        flight.token.finally(leave).then(resolve, reject);
        if (signal?.aborted) giveUp();
        signal?.addEventListener("abort", giveUp);
      });
    },
    async authorized(resource, send, signal) {
      const token = await credential.token(resource, signal);
      try {
        return await send(`Bearer ${token}`);
      } catch (error) {
        if (!refusesToken(error)) throw error;
        if (kept.get(resource)?.token === token) kept.delete(resource);
        throw withDetails(error, { retryable: true, seldomPasses: true });
      }
    },
  };
  return credential;
}

const scopeOf = (resource: string) => `${resource.replace(/\/+$/, "")}/.default`;

/** By an SDK credential of its own: that remembers failures, and requests without an answer. */
async function freshToken(authority: Authority, resource: string, signal: AbortSignal, transport: Transport) {
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
