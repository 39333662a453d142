// Reads an Azure Resource Manager connection (facts aci-azure-sdk §4.1). The connection's own data tells its cloud.
import type { AzureConnection } from "../../ports/connections.ts";
import { type Reader, written } from "../input-reader.ts";
import { bare, endpoint, field } from "./connection-fields.ts";
import { azureIdentity } from "./sign-in-identity.ts";

/** Authorities that the identity library knows (facts §4.5), for connections that name none. */
const authorities: Readonly<Record<string, string>> = {
  AzureCloud: "https://login.microsoftonline.com",
  AzureChinaCloud: "https://login.chinacloudapi.cn",
  AzureUSGovernment: "https://login.microsoftonline.us",
};

const input = "connectedServiceNameARM";

const none: AzureConnection = {
  identity: { kind: "managed" },
  environment: "AzureCloud",
  subscriptionId: "",
  armUrl: "",
  authorityUrl: "",
  audience: "",
  customAuthority: false,
};

export function azureConnection(reader: Reader): AzureConnection {
  const id = reader.required(input, "the name of an Azure Resource Manager service connection");
  const from = id === "" ? undefined : endpoint(reader, input, id);
  if (from === undefined) return none;
  const identity = azureIdentity(reader, input, id, from);
  const environment = from.data("environment") ?? "AzureCloud";
  const named = from.data("activeDirectoryAuthority") ?? from.data("environmentAuthorityUrl");
  const authority = bare(named ?? authorities[environment] ?? "");
  // A managed identity gets its tokens on the machine itself.
  if (identity.kind !== "managed") field(reader, input, authority, "authority (activeDirectoryAuthority)");
  const armUrl = field(reader, input, from.url, "URL of Azure Resource Manager");
  const scoped = `subscription id (${written(input)} must be scoped to a subscription)`;
  return {
    identity,
    environment,
    subscriptionId: field(reader, input, from.data("subscriptionid"), scoped),
    armUrl: bare(armUrl),
    authorityUrl: authority,
    audience: from.data("activeDirectoryServiceEndpointResourceId") ?? armUrl,
    customAuthority: !Object.values(authorities).includes(authority),
  };
}
