import * as tl from "azure-pipelines-task-lib/task.js";
import type { AzureIdentity, Settings } from "../settings.ts";

function ofIdentity(identity: AzureIdentity): string[] {
  switch (identity.kind) {
    case "secret":
      return [identity.secret];
    case "certificate":
      // A masked secret is one line.
      return identity.certificate.split(/\r?\n/).filter((line) => line.length > 20 && !line.startsWith("-----"));
    case "federated":
      return [identity.oidc.jobToken];
    case "managed":
      return [];
  }
}

/** Every secret that the settings hold. */
function secretsOf(settings: Settings): (string | undefined)[] {
  const { azure, devops } = settings;
  const common = [
    devops.jobToken,
    ...("token" in devops.token ? [devops.token.token] : ofIdentity(devops.token.identity)),
    ...ofIdentity(azure.identity),
  ];
  if (!("container" in settings)) return common;
  const { registry, container } = settings;
  return [
    ...common,
    ...(registry?.kind === "password" ? [registry.password] : []),
    ...(registry?.kind === "exchange" ? ofIdentity(registry.as.identity) : []),
    ...Object.values(container.secretEnvironment),
    ...container.volumes.flatMap((volume) => (volume.kind === "azureFile" ? [volume.key] : [])),
    container.proxy?.password,
    container.logAnalytics?.workspaceKey,
  ];
}

/** Before anything can print them. The job token is masked by the agent already; once more costs nothing. */
export function maskSecrets(settings: Settings): void {
  for (const secret of secretsOf(settings)) if (secret) tl.setSecret(secret);
}
