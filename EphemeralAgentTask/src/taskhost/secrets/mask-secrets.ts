// Masks the secrets of the settings in the log.
import * as tl from "azure-pipelines-task-lib/task.js";
import type { AzureIdentity, RegistryAccess } from "../../ports/connections.ts";
import type { Settings } from "../../settings/settings.ts";
import { remember } from "./known-secrets.ts";
import { maskable } from "./maskable-lines.ts";

function ofIdentity(identity: AzureIdentity): string[] {
  switch (identity.kind) {
    case "secret":
      return [identity.secret];
    case "certificate":
      return [identity.certificate];
    case "federated":
      return [identity.oidc.jobToken];
    case "managed":
      return [];
  }
}

/** A login as it is, and as it is sent: a service may repeat either. */
const login = (user: string, password: string) => [password, Buffer.from(`${user}:${password}`).toString("base64")];

function ofRegistry(registry: RegistryAccess | undefined): string[] {
  switch (registry?.kind) {
    case "password":
      return login(registry.username, registry.password);
    case "exchange":
      return ofIdentity(registry.as.identity);
    default:
      return [];
  }
}

/** Every secret that the settings hold. */
function secretsOf(settings: Settings): string[] {
  const { azure, devops } = settings;
  const { token } = devops;
  const common = [
    devops.jobToken,
    ...(token.kind === "personalAccessToken" ? login("", token.token) : []),
    ...("token" in token ? [token.token] : ofIdentity(token.identity)),
    ...ofIdentity(azure.identity),
  ];
  if (!("container" in settings)) return common;
  const { registry, container } = settings;
  const { username, password } = container.proxy ?? {};
  return [
    ...common,
    ...ofRegistry(registry),
    ...Object.values(container.secretEnvironment),
    ...container.volumes.flatMap((volume) => (volume.kind === "azureFile" ? [volume.key] : [])),
    ...(password === undefined ? [] : login(username ?? "", password)),
    container.logAnalytics?.workspaceKey ?? "",
  ];
}

/** Before anything can print them. The job token is masked by the agent already; once more costs nothing. */
export function maskSecrets(settings: Settings): void {
  for (const secret of new Set(secretsOf(settings).flatMap(maskable))) tl.setSecret(remember(secret));
}
