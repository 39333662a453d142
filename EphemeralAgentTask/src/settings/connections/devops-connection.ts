// Reads the organization whose pool gets the agent, and the token for it.
import type { DevOpsConnection, DevOpsToken } from "../../ports/connections.ts";
import type { Reader } from "../input-reader.ts";
import { bare, endpoint } from "./connection-fields.ts";
import { ownOrganization } from "./organization-url.ts";
import { azureIdentity } from "./sign-in-identity.ts";

const jwt = /^eyJ[\w-]+\.[\w-]+\.[\w-]*$/;
const connectionInput = "connectedServiceNameAzureDevOps";

/** A workload identity connection to Azure DevOps: no token to keep anywhere (facts aci-azure-sdk §4.4). */
function connectionToken(reader: Reader, id: string): DevOpsToken | undefined {
  const from = endpoint(reader, connectionInput, id);
  if (from === undefined) return undefined;
  const federated = { ...from, scheme: "WorkloadIdentityFederation" };
  const authority = from.data("activeDirectoryAuthority") ?? "https://login.microsoftonline.com";
  return {
    kind: "entra",
    identity: azureIdentity(reader, connectionInput, id, federated),
    authorityUrl: bare(authority),
    customAuthority: from.data("activeDirectoryAuthority") !== undefined,
  };
}

/** An organization that is named, rather than the one that runs the pipeline. With a slash at the end. */
function otherOrganization(reader: Reader): string | undefined {
  const input = "azureDevOpsUrl";
  const url = reader.optional(input);
  if (url === undefined) return undefined;
  const rule = "allowed: https://dev.azure.com/ORGANIZATION, or https://… of a collection";
  const form = /^https:\/\/dev\.azure\.com(\/|$)/i.test(url)
    ? /^https:\/\/[^/]+\/[A-Za-z0-9][\w.-]*\/*$/
    : /^https:\/\/[^\s/@?#]+(\/[^\s?#]*)?$/;
  if (form.test(url) && URL.canParse(url)) return `${bare(url)}/`;
  reader.wrong(input, url, rule);
  return undefined;
}

export function devOpsConnection(reader: Reader): DevOpsConnection {
  const own = ownOrganization(reader.raw);
  // Noted as missing where nothing else tells the address.
  if (own.url === "") reader.variable("System.CollectionUri");
  const jobToken = reader.raw.endpoint("SYSTEMVSSCONNECTION")?.parameter("AccessToken") ?? "";
  if (jobToken === "") {
    reader.wrong("$(System.AccessToken)", undefined, "the agent hands it to every task; the task runs nowhere else");
  }
  const url = otherOrganization(reader) ?? own.url;
  const given = reader.optional("azureDevOpsToken");
  if (given !== undefined && /\s/.test(given))
    reader.wrongSecret("azureDevOpsToken", undefined, "a token has no blanks");
  const connection = reader.optional(connectionInput);
  if (given !== undefined && connection !== undefined) {
    reader.wrong(connectionInput, connection, "give either azureDevOpsToken or a service connection, not both");
  }
  const jobs = connection === undefined && (given === undefined || given === jobToken);
  if (jobs && own.url !== "" && !own.has(url)) {
    reader.wrong(
      "azureDevOpsUrl",
      url,
      "the job's own token goes to its own organization only; give azureDevOpsToken or a service connection",
    );
  }
  const token: DevOpsToken =
    given !== undefined
      ? { kind: jwt.test(given) ? "bearer" : "personalAccessToken", token: given }
      : ((connection === undefined ? undefined : connectionToken(reader, connection)) ?? {
          kind: "bearer",
          token: jobToken,
        });
  return { url, token, jobToken };
}
