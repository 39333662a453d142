// Checks that the subscription is registered for Azure Container Instances.

import { failed, type Look, unread } from "../check-context.ts";
import { type Found, ok, warning, wrong } from "../finding.ts";

const namespace = "Microsoft.ContainerInstance";
const subject = `provider ${namespace}`;

function judgeProvider(state: string, subscriptionId: string): Found {
  const fix = `az provider register --namespace ${namespace} --subscription ${subscriptionId}`;
  switch (state.toLowerCase()) {
    case "registered":
      return ok(subject, "registered in the subscription");
    case "registering":
      return warning(subject, {
        found: "being registered",
        cause: "The registration has begun and takes some minutes in each region.",
        fix: `az provider show --namespace ${namespace} --query registrationState`,
      });
    default:
      return wrong(subject, {
        found: `not registered (${state})`,
        cause: `Subscription ${subscriptionId} does not use this provider yet, so it refuses container groups.`,
        fix,
      });
  }
}

export async function checkProvider({ azure, settings, read }: Look): Promise<Found> {
  const state = await read("provider", () => azure.providerState(namespace));
  return failed(state) ? unread(subject, state) : judgeProvider(state, settings.azure.subscriptionId);
}
