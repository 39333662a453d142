// Lets service principals of the tenant sign in to the organization.
import { TokenRefused } from "../../entra/access-tokens.ts";
import { type Credential, type Identities, type PoolRole, tokenOf } from "./identities.ts";
import type { ConnectedTenant } from "./oidc-issuer.ts";

/** Application id of Azure DevOps: the audience that a token must have to be of use here (facts aci-azure-sdk §4.4). */
const audience = "499b84ac-1321-427f-aa17-267ca6975798";

export interface Member {
  /** Id of the service principal in the tenant. */
  readonly objectId: string;
  readonly displayName: string;
  /** Its role in every pool; it administers them when left out. */
  readonly poolRole?: PoolRole | null;
}

/** Who of the connected tenant belongs to the organization. */
export class EntraSignIn {
  readonly #tenant: ConnectedTenant | undefined;
  readonly #members = new Map<string, Omit<Credential, "token">>();

  constructor(tenant: ConnectedTenant | undefined) {
    this.#tenant = tenant;
  }

  add({ objectId, displayName, poolRole }: Member): void {
    const identity = { kind: "servicePrincipal", id: objectId, displayName } as const;
    this.#members.set(objectId, { identity, ...(poolRole === undefined ? {} : { poolRole }) });
  }

  /** Who an `Authorization` header stands for: a member by its token of the tenant, anybody by one of the organization. */
  async authenticate(identities: Identities, authorization: string | undefined): Promise<Credential | undefined> {
    const known = identities.authenticate(authorization);
    const token = tokenOf(authorization);
    if (known !== undefined || token === undefined || this.#tenant === undefined) return known;
    try {
      const { objectId } = await this.#tenant.tokens.verify(token, [audience]);
      const member = this.#members.get(objectId);
      return member && { ...member, token };
    } catch (error) {
      if (error instanceof TokenRefused) return undefined;
      throw error;
    }
  }
}
