// The subscription, and the metadata that clients of a custom cloud ask for before they sign in.
import type { Site } from "../../http/https-site.ts";
import { armError } from "../arm-error.ts";
import type { Access } from "../authorization/permission-check.ts";
import type { Gate } from "../request-authorization.ts";
import { locations } from "./regions.ts";

interface SubscriptionOptions {
  readonly site: Site;
  readonly access: Access;
  readonly subscriptionId: string;
  readonly tenantId: string;
  /** The login site, which `metadata/endpoints` points a client of a custom cloud to. */
  readonly authority: string;
}

/** The subscription itself, and what a client of a custom cloud asks before it signs in. */
export function serveSubscriptions(gate: Gate, options: SubscriptionOptions): void {
  const { site, access, subscriptionId, tenantId, authority } = options;
  const subscription = {
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    tenantId,
    displayName: "Contoso",
    state: "Enabled",
    authorizationSource: "RoleBased",
    subscriptionPolicies: { quotaId: "PayAsYouGo_2014-09-01", spendingLimit: "Off" },
  };
  const seenBy = (objectId: string): boolean => access.of(objectId).length > 0;

  gate({
    method: "GET",
    template: "/subscriptions",
    handler: ({ principal }) => ({
      status: 200,
      body: { value: seenBy(principal.objectId) ? [subscription] : [], count: { type: "Total", value: 1 } },
    }),
  });
  gate({
    method: "GET",
    template: "/subscriptions/:subscription",
    handler({ principal }) {
      if (seenBy(principal.objectId)) return { status: 200, body: subscription };
      throw armError(404, "SubscriptionNotFound", `The subscription '${subscriptionId}' could not be found.`);
    },
  });
  gate({
    method: "GET",
    template: "/subscriptions/:subscription/locations",
    handler: () => ({
      status: 200,
      body: {
        value: locations().map((location) => ({ ...location, id: `${subscription.id}/locations/${location.name}` })),
      },
    }),
  });
  gate({
    method: "GET",
    template: "/tenants",
    handler: () => ({ status: 200, body: { value: [{ id: `/tenants/${tenantId}`, tenantId }] } }),
  });
  // Asked without a token: by pipeline tasks in the older form (facts aci-azure-sdk §4.1), by the Azure CLI in the newer.
  site.route("GET", "/metadata/endpoints", ({ url }) => {
    const isOlder = (url.searchParams.get("api-version") ?? "") < "2018";
    return { status: 200, body: isOlder ? olderEndpoints(site, authority) : newerEndpoints(site, authority) };
  });
}

function olderEndpoints({ origin }: Site, authority: string): object {
  return {
    galleryEndpoint: origin,
    graphEndpoint: authority,
    portalEndpoint: origin,
    authentication: { loginEndpoint: authority, audiences: [origin] },
  };
}

/** With these, `az cloud register` needs nothing but the address of ARM; it signs in by the ADFS route. */
function newerEndpoints({ origin }: Site, authority: string): object {
  return {
    name: "Simulator",
    portal: origin,
    gallery: origin,
    resourceManager: origin,
    graph: authority,
    graphAudience: authority,
    microsoftGraphResourceId: authority,
    authentication: {
      loginEndpoint: `${authority}/adfs`,
      audiences: [origin],
      tenant: "adfs",
      identityProvider: "ADFS",
    },
    suffixes: {
      acrLoginServer: "azurecr.io",
      keyVaultDns: "vault.azure.net",
      sqlServerHostname: "database.windows.net",
      storage: "core.windows.net",
    },
  };
}
