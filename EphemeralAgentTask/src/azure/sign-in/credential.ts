// Keeps access tokens of Microsoft Entra ID, and lets all who ask for the same one at the same time wait for the same requests.
import type { Transport } from "../../http/transport.ts";
import type { AzureIdentity } from "../../ports/connections.ts";
import { ServiceFault, withDetails } from "../../ports.ts";
import { type Authority, freshToken } from "./entra-token.ts";

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
