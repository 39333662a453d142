// Gives each container group with an identity a metadata service of its own.
import type { Entra } from "../../entra/entra-site.ts";
import { type ManagedIdentities, serveImds } from "../../entra/metadata-service.ts";
import type { OpenSite } from "../../http/https-sites.ts";

/** The metadata services of container groups: each group with an identity has one of its own. */
export class MetadataServices {
  readonly #open: () => Promise<OpenSite>;
  readonly #entra: Entra;
  readonly #services = new Map<string, { readonly site: Promise<OpenSite>; identities: ManagedIdentities }>();

  /** @param open gives an address without TLS. */
  constructor(open: () => Promise<OpenSite>, entra: Entra) {
    this.#open = open;
    this.#entra = entra;
  }

  /** @returns the port at which the group's container finds tokens of its identities. */
  async serve(groupId: string, identities: ManagedIdentities): Promise<number> {
    const key = groupId.toLowerCase();
    const service = this.#services.get(key) ?? { site: this.#open(), identities };
    const isNew = !this.#services.has(key);
    service.identities = identities;
    this.#services.set(key, service);
    const site = await service.site;
    if (isNew) serveImds(site, this.#entra, () => service.identities);
    return Number(new URL(site.origin).port);
  }

  async end(groupId: string): Promise<void> {
    const key = groupId.toLowerCase();
    const service = this.#services.get(key);
    this.#services.delete(key);
    await (await service?.site)?.close();
  }
}
