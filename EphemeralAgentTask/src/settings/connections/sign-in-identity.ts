// Reads the identity of a service connection, with every scheme that Azure and registry connections have.

import { hostTypeOf } from "../../plan/owner-marks.ts";
import type { AzureIdentity, OidcSource } from "../../ports/connections.ts";
import type { RawEndpoint, Reader } from "../input-reader.ts";
import { field } from "./connection-fields.ts";
import { ownOrganization } from "./organization-url.ts";

const schemes = "a service principal with secret or certificate, workload identity federation, or a managed identity";

/**
 * Where this job gets its OIDC tokens (facts aci-azure-sdk §4.3). The job token goes along, so only the organization's own
 * host is asked.
 */
function oidcSource(reader: Reader, input: string): OidcSource {
  const { raw } = reader;
  const organization = ownOrganization(raw);
  const hub = hostTypeOf(raw.variable("System.HostType"));
  const [project, plan, job] = ["System.TeamProjectId", "System.PlanId", "System.JobId"].map((name) =>
    raw.variable(name),
  );
  const built = `${organization.url}${project}/_apis/distributedtask/hubs/${hub}/plans/${plan}/jobs/${job}/oidctoken`;
  const requestUri = raw.variable("System.OidcRequestUri") ?? built;
  if (URL.canParse(requestUri) && organization.url !== "" && !organization.hosts(requestUri)) {
    reader.wrong(
      input,
      requestUri,
      "System.OidcRequestUri must be on the organization's own host: the job token goes there",
    );
  }
  return { requestUri, jobToken: raw.endpoint("SYSTEMVSSCONNECTION")?.parameter("AccessToken") ?? "" };
}

/**
 * @param input that named the connection, canonical
 * @param id of the connection, which a federated assertion is asked for
 */
export function azureIdentity(reader: Reader, input: string, id: string, from: RawEndpoint): AzureIdentity {
  const need = (name: string, words: string) => field(reader, input, from.parameter(name), words);
  const principal = () => ({
    tenantId: need("tenantid", "tenant id"),
    clientId: need("serviceprincipalid", "service principal id"),
  });
  const scheme = (from.scheme ?? from.parameter("scheme") ?? "ServicePrincipal").toLowerCase();
  const certificate = from.parameter("authenticationType")?.toLowerCase() === "spncertificate";
  switch (scheme) {
    case "serviceprincipal":
      return certificate
        ? { kind: "certificate", ...principal(), certificate: need("servicePrincipalCertificate", "certificate") }
        : { kind: "secret", ...principal(), secret: need("serviceprincipalkey", "service principal key") };
    case "workloadidentityfederation":
      return { kind: "federated", ...principal(), connectionId: id, oidc: oidcSource(reader, input) };
    case "managedserviceidentity": {
      const clientId = from.data("msiclientId");
      return { kind: "managed", ...(clientId ? { clientId } : {}) };
    }
    default:
      reader.wrong(input, from.scheme, `allowed: a connection with ${schemes}`);
      return { kind: "managed" };
  }
}
