import { randomBytes, randomUUID } from "node:crypto";

/** An application of the tenant together with its service principal. */
export interface ServicePrincipal {
  readonly displayName: string;
  /** Application (client) id. */
  readonly appId: string;
  /** Id of the service principal, which role assignments name. */
  readonly objectId: string;
  readonly secrets: readonly string[];
}

/** The one tenant of a simulator. */
export class Directory {
  readonly tenantId = randomUUID();
  readonly displayName = "Contoso";
  readonly #byAppId = new Map<string, ServicePrincipal>();

  /** Adds an application with one client secret, which looks as the service makes them. */
  addServicePrincipal(displayName: string): ServicePrincipal & { readonly secret: string } {
    const secret = `${randomBytes(2).toString("hex")}8Q~${randomBytes(24).toString("base64url")}`;
    const principal = { displayName, appId: randomUUID(), objectId: randomUUID(), secrets: [secret], secret };
    this.#byAppId.set(principal.appId, principal);
    return principal;
  }

  find(appId: string): ServicePrincipal | undefined {
    return this.#byAppId.get(appId.toLowerCase());
  }

  isTenant(name: string): boolean {
    return name.toLowerCase() === this.tenantId;
  }
}
