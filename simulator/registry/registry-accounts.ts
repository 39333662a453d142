// Who may sign in to a registry, and with which rights.
import { randomBytes } from "node:crypto";
import type { Access } from "../arm/authorization/permission-check.ts";
import { secretRefusal } from "../entra/client-proof.ts";
import type { Entra } from "../entra/entra-site.ts";

export interface RegistryAccount {
  readonly username: string;
  readonly password: string;
}

/** What makes a registry one of Azure: principals of the tenant come with their rights on its resource. */
export interface AzureRegistry {
  readonly entra: Entra;
  readonly access: Access;
  /** Id of the registry's resource. */
  readonly resourceId: string;
}

/** Somebody whom a registry knows: an account of its own, or a principal of the tenant. */
export type Known = { readonly account: string } | { readonly objectId: string };

/** The user name of whoever comes with a token instead of a name (facts aci-azure-sdk §2.4). */
export const tokenUser = "00000000-0000-0000-0000-000000000000";

/** All that AcrPull allows. */
const pullAction = "Microsoft.ContainerRegistry/registries/pull/read";

/** Three hours, as users remember it. */
const refreshLifetimeMs = 3 * 60 * 60_000;

/** Who may sign in to a registry. */
export class Accounts {
  readonly #accounts: readonly RegistryAccount[];
  readonly #azure: AzureRegistry | undefined;
  readonly #refreshTokens = new Map<string, { readonly objectId: string; readonly expires: number }>();

  constructor(accounts: readonly RegistryAccount[], azure: AzureRegistry | undefined) {
    this.#accounts = accounts;
    this.#azure = azure;
  }

  /** Who signs in with name and password; a service principal does with its application id and secret. */
  known({ username, password }: RegistryAccount): Known | undefined {
    if (username.toLowerCase() === tokenUser) return this.byRefreshToken(password);
    if (this.#accounts.some((each) => each.username === username && each.password === password)) {
      return { account: username };
    }
    const principal = this.#azure?.entra.directory.find(username);
    if (principal === undefined || secretRefusal(password, principal) !== undefined) return undefined;
    return { objectId: principal.objectId };
  }

  byRefreshToken(token: string): Known | undefined {
    const issued = this.#refreshTokens.get(token);
    return issued && issued.expires > Date.now() ? { objectId: issued.objectId } : undefined;
  }

  /** A token for a principal, of use as the password of `tokenUser`. */
  refreshToken(objectId: string, server: string): string {
    const expires = Date.now() + refreshLifetimeMs;
    const claims = { sub: objectId, aud: server, iss: "Azure Container Registry", grant_type: "refresh_token" };
    const token = opaque({ ...claims, exp: Math.floor(expires / 1000) });
    this.#refreshTokens.set(token, { objectId, expires });
    return token;
  }

  /** Accounts of the registry's own pull everything; principals need the right to. */
  mayPull(known: Known): boolean {
    if ("account" in known) return true;
    return this.#azure?.access.allows(known.objectId, pullAction, this.#azure.resourceId) ?? false;
  }
}

/** Looks like the JWT that the service issues; only the registry knows what it is worth. */
export function opaque(claims: object): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return [part({ typ: "JWT", alg: "RS256" }), part(claims), randomBytes(32).toString("base64url")].join(".");
}
