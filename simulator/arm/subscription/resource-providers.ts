// Resource providers and whether they are registered.
import { knownVersions } from "../api-versions.ts";
import { armError } from "../arm-error.ts";
import type { ArmRequest, Gate } from "../request-authorization.ts";
import { locations } from "./regions.ts";

/** The providers there are, with the types that set-up scripts meet. */
const typesOf: Readonly<Record<string, readonly string[]>> = {
  "Microsoft.Authorization": ["roleAssignments", "roleDefinitions"],
  "Microsoft.ContainerInstance": [
    ...["containerGroups", "containerGroupProfiles", "locations", "locations/usages", "locations/capabilities"],
  ],
  "Microsoft.ContainerRegistry": ["registries"],
  "Microsoft.Insights": [],
  "Microsoft.ManagedIdentity": ["userAssignedIdentities"],
  "Microsoft.Network": ["virtualNetworks", "natGateways", "publicIPAddresses", "networkSecurityGroups"],
  "Microsoft.OperationalInsights": ["workspaces"],
  "Microsoft.Resources": ["resourceGroups"],
  "Microsoft.StandbyPool": ["standbyContainerGroupPools"],
  "Microsoft.Storage": ["storageAccounts"],
};
const known = Object.keys(typesOf);

type State = "NotRegistered" | "Registering" | "Registered";

/** Which resource providers the subscription is registered for. */
export interface Providers {
  unregister(namespace: string): void;
  /** @throws Refused with 409 when the subscription is not registered for the provider. */
  require(namespace: string): void;
}

export function serveProviders(gate: Gate, subscriptionId: string): Providers {
  const states = new Map<string, State>(known.map((namespace) => [namespace.toLowerCase(), "Registered"]));
  const stateOf = (namespace: string): State => states.get(namespace.toLowerCase()) ?? "NotRegistered";
  const set = (namespace: string, state: State): void => void states.set(namespace.toLowerCase(), state);

  const view = (namespace: string) => ({
    id: `/subscriptions/${subscriptionId}/providers/${namespace}`,
    namespace,
    registrationPolicy: "RegistrationRequired",
    registrationState: stateOf(namespace),
    resourceTypes: (typesOf[namespace] ?? []).map((resourceType) => ({
      resourceType,
      locations: locations().map(({ displayName }) => displayName),
      apiVersions: knownVersions(namespace),
      capabilities: "None",
    })),
  });
  /** A registration takes as long as until somebody looks at it. */
  const looked = (namespace: string) => {
    if (stateOf(namespace) === "Registering") set(namespace, "Registered");
    return view(namespace);
  };
  const provider = (request: ArmRequest): string => {
    const asked = request.param("provider");
    const namespace = known.find((each) => each.toLowerCase() === asked.toLowerCase());
    if (namespace !== undefined) return namespace;
    throw armError(404, "InvalidResourceNamespace", `The resource namespace '${asked}' is invalid.`);
  };
  const right = (action: (namespace: string) => string) => (request: ArmRequest) => ({
    action: action(request.params.provider ?? ""),
    scope: `/subscriptions/${request.param("subscription")}`,
  });

  gate({
    method: "GET",
    template: "/subscriptions/:subscription/providers",
    right: right(() => "Microsoft.Resources/subscriptions/providers/read"),
    handler: () => ({ status: 200, body: { value: known.map(looked) } }),
  });
  gate({
    method: "GET",
    template: "/subscriptions/:subscription/providers/:provider",
    right: right(() => "Microsoft.Resources/subscriptions/providers/read"),
    handler: (request) => ({ status: 200, body: looked(provider(request)) }),
  });
  for (const [verb, state] of [
    ["register", "Registering"],
    ["unregister", "NotRegistered"],
  ] as const) {
    gate({
      method: "POST",
      template: `/subscriptions/:subscription/providers/:provider/${verb}`,
      right: right((namespace) => `${namespace}/${verb}/action`),
      handler(request) {
        const namespace = provider(request);
        if (verb === "unregister" || stateOf(namespace) !== "Registered") set(namespace, state);
        return { status: 200, body: view(namespace) };
      },
    });
  }
  return {
    unregister: (namespace) => set(namespace, "NotRegistered"),
    require(namespace) {
      if (stateOf(namespace) !== "NotRegistered") return;
      const message = `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`;
      throw armError(409, "MissingSubscriptionRegistration", message);
    },
  };
}
