// A simulated tenant for a test file.
import { readFileSync } from "node:fs";
import { createEntra, type Entra, type EntraOptions } from "../../../simulator/entra/entra-site.ts";
import { createSites, type OpenSite, type Sites } from "../../../simulator/http/https-sites.ts";
import { type Answer, ask } from "../http/plain-request.ts";

export const resource = "https://localhost:1";

/** A tenant of its own for a test file. */
export interface Tenant extends Entra {
  readonly sites: Sites;
  readonly site: OpenSite;
  /** For the identity library: the tenant instead of the public cloud's. */
  readonly clientOptions: { authorityHost: string; disableInstanceDiscovery: true; tlsOptions: { ca: Buffer } };
  /** Posts a form to the token endpoint. */
  token(form: Readonly<Record<string, string>>, path?: string): Promise<Answer>;
  close(): Promise<void>;
}

export async function openTenant(options: Partial<EntraOptions> = {}): Promise<Tenant> {
  const sites = await createSites();
  const site = await sites.open("login");
  const entra = await createEntra(site, { resources: [resource], ...options });
  return {
    ...entra,
    sites,
    site,
    clientOptions: {
      authorityHost: site.origin,
      disableInstanceDiscovery: true,
      tlsOptions: { ca: readFileSync(sites.caFile) },
    },
    token: (form, path = `/${entra.tenantId}/oauth2/v2.0/token`) =>
      ask(sites.caFile, site.origin + path, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams(form).toString(),
      }),
    close: () => sites.close(),
  };
}

/** The service's error number, or nothing when the answer is no refusal. */
export function errorNumber(answer: Answer): number | undefined {
  return (answer.json() as { error_codes?: number[] }).error_codes?.[0];
}

export function description(answer: Answer): string {
  return (answer.json() as { error_description: string }).error_description;
}
