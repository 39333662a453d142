// Where a registry's tokens come from (Azure/acr docs/AAD-OAuth.md): a token of the tenant is exchanged for one of the
// registry, and that, or name and password, for one that opens a repository.

import { TokenRefused } from "../entra/access-tokens.ts";
import { containerRegistryResource } from "../entra/entra-site.ts";
import type { SimRequest, SimResponse, Site } from "../http/https-site.ts";
import { type Accounts, type AzureRegistry, type Known, opaque, type RegistryAccount } from "./registry-accounts.ts";
import { challenge, refused } from "./registry-error.ts";

interface TokensSetting {
  readonly server: string;
  readonly accounts: Accounts;
  readonly azure: AzureRegistry | undefined;
  /** Whether tokens for ARM are taken too: the policy `azureADAuthenticationAsArmPolicy`. */
  takesArmTokens(): boolean;
  /** Who ARM's tokens are meant for. */
  readonly armAudience: string;
  /** Whether anybody may pull from the repository. */
  isPublic(repository: string): boolean;
}

/** Repositories that tokens open, until they expire. */
export class AccessTokens {
  readonly #tokens = new Map<string, { readonly repositories: readonly string[]; readonly expires: number }>();

  issue(server: string, repositories: readonly string[]): string {
    const expires = Date.now() + 75 * 60_000;
    const access = repositories.map((name) => ({ type: "repository", name, actions: ["pull"] }));
    const token = opaque({ aud: server, iss: "Azure Container Registry", exp: Math.floor(expires / 1000), access });
    this.#tokens.set(token, { repositories, expires });
    return token;
  }

  /** The repositories that a token opens; nothing when it is none. */
  opens(token: string): readonly string[] | undefined {
    const issued = this.#tokens.get(token);
    return issued && issued.expires > Date.now() ? issued.repositories : undefined;
  }
}

export function serveTokens(site: Site, setting: TokensSetting, tokens: AccessTokens): void {
  const { server, accounts } = setting;
  site.route("POST", "/oauth2/exchange", (request) => exchange(request, setting));
  site.route("GET", "/oauth2/token", (request) => {
    const account = basicAccount(request);
    return access(request.url.searchParams, account && accounts.known(account), account !== undefined);
  });
  site.route("POST", "/oauth2/token", (request) => {
    const form = new URLSearchParams(request.body.toString("utf8"));
    const grantType = form.get("grant_type");
    if (grantType === "refresh_token") {
      return access(form, accounts.byRefreshToken(form.get("refresh_token") ?? ""), true);
    }
    if (grantType !== "password") return unsupportedGrant;
    const account = { username: form.get("username") ?? "", password: form.get("password") ?? "" };
    return access(form, accounts.known(account), true);
  });

  function access(asked: URLSearchParams, known: Known | undefined, claimed: boolean): SimResponse {
    if (asked.get("service") !== server) return wrongService;
    if (claimed && known === undefined) return challenge(server);
    const scopes = asked.getAll("scope").flatMap((each) => each.split(" "));
    const repositories = scopes.map((scope) => /^repository:([^:]+):(?:pull|pull,push|\*)$/.exec(scope)?.[1] ?? "");
    const opens = (repository: string): boolean =>
      known === undefined ? setting.isPublic(repository) : accounts.mayPull(known);
    if (repositories.length === 0 || repositories.includes("") || !repositories.every(opens)) return challenge(server);
    return { status: 200, headers: budget, body: { access_token: tokens.issue(server, repositories) } };
  }
}

/** How much may still be asked; the simulated registry never runs out of patience. */
const budget = { "x-ms-ratelimit-remaining-calls-per-second": "166.65" };

const unsupportedGrant = refused(400, "UNSUPPORTED", "The grant_type is not supported.");
const wrongService = refused(400, "INVALID", "The service is not this registry.");

async function exchange(request: SimRequest, setting: TokensSetting): Promise<SimResponse> {
  const { server, azure, accounts, armAudience } = setting;
  const form = new URLSearchParams(request.body.toString("utf8"));
  if (azure === undefined || form.get("grant_type") !== "access_token") return unsupportedGrant;
  if (form.get("service") !== server) return wrongService;
  const { entra } = azure;
  const tenant = form.get("tenant");
  if (tenant !== null && !entra.directory.isTenant(tenant)) {
    return refused(401, "UNAUTHORIZED", `The tenant '${tenant}' is not the registry's.`);
  }
  const audiences = [containerRegistryResource, ...(setting.takesArmTokens() ? [armAudience] : [])];
  try {
    const { objectId, appId } = await entra.tokens.verify(form.get("access_token") ?? "", audiences);
    request.caller = entra.directory.find(appId)?.displayName ?? appId;
    // Who may pull nothing gets no token either: a login shows what is missing.
    if (!accounts.mayPull({ objectId })) return challenge(server);
    return { status: 200, headers: budget, body: { refresh_token: accounts.refreshToken(objectId, server) } };
  } catch (error) {
    if (!(error instanceof TokenRefused)) throw error;
    return refused(401, "UNAUTHORIZED", `authentication required: ${error.message}`);
  }
}

export function basicAccount({ headers }: SimRequest): RegistryAccount | undefined {
  const encoded = /^Basic (.+)$/i.exec(headers.authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [, username = "", password = ""] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  return { username, password };
}
