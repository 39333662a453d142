// The applications and service principals of the tenant.
import { randomBytes, randomUUID, X509Certificate } from "node:crypto";

interface ClientSecret {
  readonly value: string;
  readonly expires: Date;
}

/** Lets somebody else's token stand for the application: issuer, subject and audience must be exactly these. */
export interface FederatedCredential {
  readonly issuer: string;
  readonly subject: string;
  readonly audience: string;
}

/** An application of the tenant together with its service principal, or a managed identity, which proves nothing itself. */
export interface ServicePrincipal {
  readonly displayName: string;
  /** Application (client) id. */
  readonly appId: string;
  /** Id of the service principal, which role assignments name. */
  readonly objectId: string;
  readonly secrets: readonly ClientSecret[];
  readonly certificates: readonly X509Certificate[];
  readonly federatedCredentials: readonly FederatedCredential[];
}

interface Stored extends ServicePrincipal {
  readonly secrets: ClientSecret[];
  readonly certificates: X509Certificate[];
  readonly federatedCredentials: FederatedCredential[];
}

const year = 365 * 24 * 60 * 60 * 1000;

/** What a federated credential of every public cloud asks for; others have their own (Azure documentation). */
export const tokenExchangeAudience = "api://AzureADTokenExchange";

/** The one tenant of a simulator. */
export class Directory {
  readonly tenantId = randomUUID();
  readonly displayName = "Contoso";
  readonly #byAppId = new Map<string, Stored>();

  /** Adds an application with one client secret. */
  addServicePrincipal(displayName: string): ServicePrincipal & { readonly secret: string } {
    const principal = this.addManagedIdentity(displayName);
    return Object.assign(principal, { secret: this.addSecret(principal.appId) });
  }

  /** Adds a principal that only Azure itself can sign in. */
  addManagedIdentity(displayName: string): ServicePrincipal {
    const [appId, objectId] = [randomUUID(), randomUUID()];
    const principal = { displayName, appId, objectId, secrets: [], certificates: [], federatedCredentials: [] };
    this.#byAppId.set(appId, principal);
    return principal;
  }

  /** A new secret, which looks as the service makes them. */
  addSecret(appId: string, expires = new Date(Date.now() + year)): string {
    const value = `${randomBytes(2).toString("hex")}8Q~${randomBytes(24).toString("base64url")}`;
    this.#require(appId).secrets.push({ value, expires });
    return value;
  }

  /** @param pem the certificate; a private key beside it is not looked at. */
  addCertificate(appId: string, pem: string): void {
    this.#require(appId).certificates.push(new X509Certificate(pem));
  }

  addFederatedCredential(appId: string, credential: Omit<FederatedCredential, "audience">): void {
    this.#require(appId).federatedCredentials.push({ audience: tokenExchangeAudience, ...credential });
  }

  remove(appId: string): void {
    this.#byAppId.delete(appId.toLowerCase());
  }

  find(appId: string): ServicePrincipal | undefined {
    return this.#byAppId.get(appId.toLowerCase());
  }

  list(): readonly ServicePrincipal[] {
    return [...this.#byAppId.values()];
  }

  isTenant(name: string): boolean {
    return name.toLowerCase() === this.tenantId;
  }

  #require(appId: string): Stored {
    const principal = this.#byAppId.get(appId.toLowerCase());
    if (principal === undefined) throw new Error(`The tenant has no application ${appId}.`);
    return principal;
  }
}
