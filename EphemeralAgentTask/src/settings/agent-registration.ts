// Reads who registers the agent, and what that needs (facts agent-protocol §1.4, aci-azure-sdk §3.7).

import type { DevOpsConnection } from "../ports/connections.ts";
import type { Reader } from "./input-reader.ts";
import type { ContainerSettings, CreateSettings } from "./settings.ts";

type Registration = Pick<CreateSettings, "osType" | "registration" | "selfDestruct">;

/** What the start script alone brings, and an image that registers itself does not know of. */
function withoutStartScript(reader: Reader, { proxy, caBundle }: ContainerSettings): void {
  const rule = "it takes agentRegistration 'task'; set it in the image itself";
  if (proxy) reader.wrong("agentProxyUrl", proxy.url, rule);
  if (caBundle) reader.wrongSecret("agentCaBundle", undefined, rule);
}

/** Reads it and holds it against what else is given. */
export function registrationOf(reader: Reader, container: ContainerSettings, devops: DevOpsConnection): Registration {
  const osType = reader.choice("osType", "Linux", ["Linux", "Windows"]);
  const registration = reader.choice("agentRegistration", "task", ["task", "container"]);
  const selfDestruct = reader.boolean("selfDestruct");
  if (osType === "Windows" && registration === "task") {
    const rule = "allowed with osType Windows: container (an agent's key cannot be handed to a Windows machine)";
    reader.wrong("agentRegistration", "task", rule);
  }
  if (osType === "Windows" && container.volumes.length > 0)
    reader.wrongSecret("volumes", undefined, "Windows containers have no such volumes");
  if (registration === "container") withoutStartScript(reader, container);
  if (registration === "container" && devops.token.kind === "entra") {
    const rule = "a container that registers its agent needs a token: give azureDevOpsToken instead of a connection";
    reader.wrong("connectedServiceNameAzureDevOps", reader.raw.input("connectedServiceNameAzureDevOps"), rule);
  }
  if (selfDestruct && (registration === "task" || container.identityIds.length === 0)) {
    const rule =
      "it takes agentRegistration 'container', and one of userAssignedIdentities that may delete container groups";
    reader.wrong("selfDestruct", "true", rule);
  }
  return { osType, registration, selfDestruct };
}
