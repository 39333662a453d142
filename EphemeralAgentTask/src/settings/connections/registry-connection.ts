// Reads the registry connection: how the image is pulled (facts aci-azure-sdk §3.2 and §4.6).
import type { AzureConnection, RegistryAccess } from "../../ports/connections.ts";
import { registryOf } from "../image.ts";
import type { Reader } from "../input-reader.ts";
import { endpoint, field, hostOf } from "./connection-fields.ts";
import { azureIdentity } from "./sign-in-identity.ts";

const identityForm =
  /^\/subscriptions\/[\w-]+\/resourceGroups\/[\p{L}\p{Mn}\p{Nd}\p{Pc}.()-]{1,90}\/providers\/Microsoft\.ManagedIdentity\/userAssignedIdentities\/[\w-]+$/iu;

/** Resource ids of user-assigned identities, separated by commas or lines. */
export function identityIds(reader: Reader, input: string): string[] {
  const ids = (reader.text(input) ?? "").split(/[\s,;]+/).filter((id) => id !== "");
  for (const id of ids) {
    const allowed =
      "allowed: /subscriptions/…/resourceGroups/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/…";
    reader.matching(input, identityForm, allowed, id);
  }
  return ids;
}

/** The connection, when one is chosen. @param azure whose authority a registry connection without one shares */
function registryConnection(reader: Reader, azure: AzureConnection): RegistryAccess | undefined {
  const input = "containerRegistry";
  const id = reader.optional(input);
  const from = id === undefined ? undefined : endpoint(reader, input, id);
  if (id === undefined || from === undefined) return undefined;
  const need = (value: string | undefined, name: string) => field(reader, input, value, name);
  if (from.data("registrytype")?.toUpperCase() !== "ACR") {
    return {
      kind: "password",
      server: hostOf(need(from.parameter("registry"), "registry address")),
      username: need(from.parameter("username"), "user name"),
      password: need(from.parameter("password"), "password"),
    };
  }
  const server = hostOf(need(from.parameter("loginServer"), "login server"));
  const scheme = (from.scheme ?? from.parameter("scheme") ?? "ServicePrincipal").toLowerCase();
  const key = from.parameter("serviceprincipalkey");
  if (scheme === "serviceprincipal" && key) {
    const username = need(from.parameter("serviceprincipalid"), "service principal id");
    return { kind: "password", server, username, password: key };
  }
  const identity = azureIdentity(reader, input, id, from);
  if (identity.kind === "certificate") {
    reader.wrong(
      input,
      "ServicePrincipal with certificate",
      "a registry takes no certificate; use a secret or federation",
    );
  }
  const tenantId = "tenantId" in identity ? identity.tenantId : (from.parameter("tenantid") ?? "");
  return { kind: "exchange", server, tenantId, as: { ...azure, identity } };
}

/** Pulling by an identity of the group wins over a connection, which then only names the registry. */
export function registryAccess(reader: Reader, azure: AzureConnection): RegistryAccess | undefined {
  const connection = registryConnection(reader, azure);
  const input = "registryIdentity";
  const [identityId, another] = identityIds(reader, input);
  if (identityId === undefined) return connection;
  if (another !== undefined) reader.wrong(input, another, "one identity pulls the image");
  const image = reader.raw.input("imageName")?.trim() ?? "";
  const server = connection?.server ?? registryOf(image);
  if (server === undefined && image !== "")
    reader.wrong(
      "imageName",
      image,
      `the registry must be in the name with ${input}: contoso.azurecr.io/${reader.shown("imageName", image)}`,
    );
  return { kind: "identity", server: server ?? "", identityId };
}
