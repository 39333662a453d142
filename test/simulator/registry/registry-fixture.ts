// A simulated registry for a test file.

import { acrPull } from "../../../simulator/arm/authorization/built-in-roles.ts";
import { Access } from "../../../simulator/arm/authorization/permission-check.ts";
import type { ServicePrincipal } from "../../../simulator/entra/directory.ts";
import { containerRegistryResource, createEntra, type Entra } from "../../../simulator/entra/entra-site.ts";
import { createSites, type Sites } from "../../../simulator/http/https-sites.ts";
import { addFirstImages, type FirstImages } from "../../../simulator/registry/initial-images.ts";
import { createRegistry, type Registry } from "../../../simulator/registry/registry-site.ts";
import { type Answer, ask } from "../http/plain-request.ts";

export const arm = "https://localhost:1";
export const account = { username: "shop", password: "pull-secret" };
const resourceId = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/contoso";

/** A registry of Azure with its first images, and a tenant. */
export interface Stand {
  readonly sites: Sites;
  readonly entra: Entra;
  readonly registry: Registry & FirstImages;
  readonly switches: { publicNetworkAccess: boolean; takesArmTokens: boolean };
  /** A service principal that may pull. */
  readonly puller: ServicePrincipal & { readonly secret: string };
  /** One that may not. */
  readonly stranger: ServicePrincipal & { readonly secret: string };
  get(path: string, headers?: Readonly<Record<string, string>>, method?: string): Promise<Answer>;
  post(path: string, form: Readonly<Record<string, string>>): Promise<Answer>;
  /** Exchanges a token of the principal, for the registry unless another audience is given. */
  exchange(principal: ServicePrincipal, audience?: string): Promise<Answer>;
}

export async function openRegistry(): Promise<Stand> {
  const sites = await createSites();
  const [site, login] = await Promise.all([sites.open("registry"), sites.open("login")]);
  const entra = await createEntra(login, { resources: [arm, containerRegistryResource] });
  const access = new Access();
  const switches = { publicNetworkAccess: true, takesArmTokens: true };
  const azure = { entra, access, resourceId, armAudience: arm };
  const registry = createRegistry(site, { accounts: [account], azure, switches: () => switches });
  const puller = entra.directory.addServicePrincipal("puller");
  access.assign({ principalId: puller.objectId, role: acrPull, scope: resourceId });
  const post: Stand["post"] = (path, form) =>
    ask(sites.caFile, site.origin + path, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(form).toString(),
    });
  return {
    sites,
    entra,
    registry: Object.assign(registry, addFirstImages(registry)),
    switches,
    puller,
    stranger: entra.directory.addServicePrincipal("stranger"),
    get: (path, headers = {}, method = "GET") => ask(sites.caFile, site.origin + path, { method, headers }),
    post,
    async exchange(principal, audience = containerRegistryResource) {
      const { token } = await entra.tokens.issue(principal, audience);
      return post("/oauth2/exchange", { grant_type: "access_token", service: registry.server, access_token: token });
    },
  };
}

export const basic = (username: string, password: string): { authorization: string } => ({
  authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
});

export const bearer = (token: string): { authorization: string } => ({ authorization: `Bearer ${token}` });

export const field = (answer: Answer, name: string): string => (answer.json() as Record<string, string>)[name] ?? "";
