import { armError } from "./arm-error.ts";
import type { ArmRequest, Gate } from "./gate.ts";

const known = [
  ...["Microsoft.Authorization", "Microsoft.ContainerInstance", "Microsoft.ContainerRegistry"],
  ...["Microsoft.ManagedIdentity", "Microsoft.Network", "Microsoft.Resources", "Microsoft.Storage"],
];

/** Which resource providers the subscription is registered for. */
export interface Providers {
  unregister(namespace: string): void;
  /** @throws Refused with 409 when the subscription is not registered for the provider. */
  require(namespace: string): void;
}

export function serveProviders(gate: Gate, subscriptionId: string): Providers {
  const registered = new Map(known.map((namespace) => [namespace.toLowerCase(), true]));

  const view = (namespace: string) => ({
    id: `/subscriptions/${subscriptionId}/providers/${namespace}`,
    namespace,
    registrationPolicy: "RegistrationRequired",
    registrationState: registered.get(namespace.toLowerCase()) ? "Registered" : "NotRegistered",
    resourceTypes: [],
  });
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
    handler: () => ({ status: 200, body: { value: known.map(view) } }),
  });
  gate({
    method: "GET",
    template: "/subscriptions/:subscription/providers/:provider",
    right: right(() => "Microsoft.Resources/subscriptions/providers/read"),
    handler: (request) => ({ status: 200, body: view(provider(request)) }),
  });
  gate({
    method: "POST",
    template: "/subscriptions/:subscription/providers/:provider/register",
    right: right((namespace) => `${namespace}/register/action`),
    handler(request) {
      const namespace = provider(request);
      registered.set(namespace.toLowerCase(), true);
      return { status: 200, body: view(namespace) };
    },
  });
  return {
    unregister: (namespace) => void registered.set(namespace.toLowerCase(), false),
    require(namespace) {
      if (registered.get(namespace.toLowerCase())) return;
      const message = `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`;
      throw armError(409, "MissingSubscriptionRegistration", message);
    },
  };
}
