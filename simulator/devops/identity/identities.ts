// Who holds which token, and the role that each identity has in a pool.
import { randomBytes, randomInt, randomUUID } from "node:crypto";

export type PoolRole = "Administrator" | "User" | "Reader" | "ServiceAccount";

export type Identity =
  | { readonly kind: "user" | "servicePrincipal"; readonly id: string; readonly displayName: string }
  /** Who jobs are: of one project, or of the whole collection. */
  | { readonly kind: "buildService"; readonly id: string; readonly displayName: string; readonly worksFor: string }
  /** The identity an agent gets with its record: it is of use for that record only. */
  | { readonly kind: "agent"; readonly id: string; readonly displayName: string; readonly agentId: number };

/** A token somebody holds, and what it stands for. */
export interface Credential {
  readonly token: string;
  readonly identity: Identity;
  /** Overrides the identity's role in every pool; `null` is no role at all. */
  readonly poolRole?: PoolRole | null;
  /** The plan whose job holds it: it may report there. */
  readonly planId?: string;
  /** Ids of the service connections that the job's steps name; it may use any when left out. */
  readonly serviceConnections?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly expires?: number;
}

/** Who there is and which tokens stand for them. */
export class Identities {
  readonly #credentials = new Map<string, Credential>();
  readonly #buildServices = new Map<string, Identity>();
  readonly owner: Identity = { kind: "user", id: randomUUID(), displayName: "Pool Owner" };

  /**
   * A build service: who jobs are, once the project is known (facts agent-protocol §6).
   * @param worksFor id of the project, or of the collection.
   */
  buildService(displayName: string, worksFor: string): Identity {
    const known = this.#buildServices.get(worksFor);
    const identity: Identity = known ?? { kind: "buildService", id: randomUUID(), displayName, worksFor };
    this.#buildServices.set(worksFor, identity);
    return identity;
  }

  issue(credential: Omit<Credential, "token">, token: string = jobToken(credential)): Credential {
    const issued = { ...credential, token };
    this.#credentials.set(token, issued);
    return issued;
  }

  revoke(token: string): void {
    this.#credentials.delete(token);
  }

  /** Forgets every token of an agent whose record is gone. */
  revokeAll(identityId: string): void {
    for (const { token, identity } of [...this.#credentials.values()]) {
      if (identity.id === identityId) this.#credentials.delete(token);
    }
  }

  /** Who an `Authorization` header stands for. With Basic the user name does not matter, as with any token. */
  authenticate(authorization: string | undefined): Credential | undefined {
    const token = tokenOf(authorization);
    const credential = token === undefined ? undefined : this.#credentials.get(token);
    if (credential?.expires !== undefined && credential.expires <= Date.now()) return undefined;
    return credential;
  }
}

/** The token of an `Authorization` header: Bearer, or the password of Basic. */
export function tokenOf(authorization: string | undefined): string | undefined {
  const [, scheme = "", value = ""] = /^(\S+)\s+(\S+)\s*$/.exec(authorization ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") return value;
  if (scheme.toLowerCase() !== "basic") return undefined;
  const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(value, "base64").toString("utf8")) ?? [];
  return password;
}

/** 84 characters with `AZDO` near the end: clients recognize a personal access token by that. */
export function personalAccessToken(): string {
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  const random = (length: number): string =>
    Array.from({ length }, () => letters.charAt(randomInt(letters.length))).join("");
  return `${random(76)}AZDO${random(4)}`;
}

/** Looks like the JWT that the service issues; nobody but the simulator can tell what it is worth. */
function jobToken({ identity, expires }: Omit<Credential, "token">): string {
  const claims = {
    nameid: identity.id,
    jti: randomUUID(),
    ...(expires === undefined ? {} : { exp: seconds(expires) }),
  };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return [part({ typ: "JWT", alg: "RS256" }), part(claims), randomBytes(32).toString("base64url")].join(".");
}

const seconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);
