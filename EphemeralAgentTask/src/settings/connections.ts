// The service connections a user chose, turned into what the adapters need.
import type { RegistryCredential } from "../ports.ts";
import type { AzureConnection, DevOpsConnection } from "../settings.ts";
import { type RawEndpoint, type Reader, written } from "./reader.ts";

/** The public clouds by the connection's `environment` (facts aci-azure-sdk §4.5). */
const authorities: Readonly<Record<string, string>> = {
  AzureCloud: "https://login.microsoftonline.com",
  AzureChinaCloud: "https://login.chinacloudapi.cn",
  AzureUSGovernment: "https://login.microsoftonline.us",
};

const bare = (url: string) => url.replace(/\/+$/, "");

function field(reader: Reader, input: string, value: string | undefined, name: string): string {
  if (value === undefined || value === "") {
    reader.wrong(
      input,
      reader.raw.input(input),
      `this service connection has no ${name}; open it in the project settings and save it again`,
    );
  }
  return value ?? "";
}

function endpoint(reader: Reader, input: string, id: string): RawEndpoint | undefined {
  const found = reader.raw.endpoint(id);
  if (found === undefined)
    reader.wrong(
      input,
      id,
      "no such service connection was handed to this task; check that it exists and that this pipeline may use it",
    );
  return found;
}

/** An Azure Resource Manager connection with a service principal and a secret (facts aci-azure-sdk §4.1). */
export function azureConnection(reader: Reader): AzureConnection {
  const input = "connectedServiceNameARM";
  const id = reader.required(input, "the name of an Azure Resource Manager service connection");
  const from = id === "" ? undefined : endpoint(reader, input, id);
  if (from) {
    const scheme = from.scheme ?? "ServicePrincipal";
    const type = from.parameter("authenticationType") ?? "spnKey";
    if (scheme.toLowerCase() !== "serviceprincipal" || type.toLowerCase() !== "spnkey") {
      const found = scheme.toLowerCase() === "serviceprincipal" ? `${scheme} with ${type}` : scheme;
      reader.wrong(input, found, "allowed: a connection with a service principal and a secret");
    }
  }
  const need = (value: string | undefined, name: string) => (from ? field(reader, input, value, name) : "");
  const environment = from?.data("environment") ?? "AzureCloud";
  const authority =
    from?.data("activeDirectoryAuthority") ?? from?.data("environmentAuthorityUrl") ?? authorities[environment];
  const armUrl = need(from?.url, "URL of Azure Resource Manager");
  return {
    scheme: "ServicePrincipalSecret",
    clientId: need(from?.parameter("serviceprincipalid"), "service principal id"),
    clientSecret: need(from?.parameter("serviceprincipalkey"), "service principal key"),
    tenantId: need(from?.parameter("tenantid"), "tenant id"),
    subscriptionId: need(
      from?.data("subscriptionid"),
      `subscription id (${written(input)} must be scoped to a subscription)`,
    ),
    armUrl: bare(armUrl),
    authorityUrl: bare(need(authority, "authority (activeDirectoryAuthority)")),
    audience: from?.data("activeDirectoryServiceEndpointResourceId") ?? armUrl,
    customAuthority: !(environment in authorities),
  };
}

const host = (server: string) =>
  bare(server.replace(/^[a-z]+:\/\//i, ""))
    .split("/")[0]
    ?.toLowerCase() ?? "";

/** A container registry connection: ACR by service principal, or any registry by user and password (facts §4.6). */
export function registryConnection(reader: Reader): RegistryCredential | undefined {
  const input = "containerRegistry";
  const id = reader.optional(input);
  const from = id === undefined ? undefined : endpoint(reader, input, id);
  if (from === undefined) return undefined;
  const need = (value: string | undefined, name: string) => field(reader, input, value, name);
  if (from.data("registrytype")?.toUpperCase() !== "ACR") {
    return {
      server: host(need(from.parameter("registry"), "registry address")),
      username: need(from.parameter("username"), "user name"),
      password: need(from.parameter("password"), "password"),
    };
  }
  const scheme = from.scheme ?? from.parameter("scheme") ?? "ServicePrincipal";
  if (scheme.toLowerCase() !== "serviceprincipal") {
    reader.wrong(input, scheme, "allowed: a registry connection with a service principal, or with user and password");
  }
  return {
    server: host(need(from.parameter("loginServer"), "login server")),
    username: need(from.parameter("serviceprincipalid"), "service principal id"),
    password: need(from.parameter("serviceprincipalkey"), "service principal key"),
  };
}

const jwt = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;

/** The organization of the run, with the job's own token unless the user gives another. */
export function devOpsConnection(reader: Reader): DevOpsConnection {
  const given = reader.optional("azureDevOpsToken");
  const jobToken = reader.raw.endpoint("SYSTEMVSSCONNECTION")?.parameter("AccessToken") ?? "";
  if (jobToken === "")
    reader.wrong("$(System.AccessToken)", undefined, "the agent hands it to every task; the task runs nowhere else");
  const token = given ?? jobToken;
  return {
    url: `${bare(reader.variable("System.CollectionUri"))}/`,
    token,
    kind: given === undefined || jwt.test(given) ? "jobToken" : "personalAccessToken",
    jobToken,
  };
}
