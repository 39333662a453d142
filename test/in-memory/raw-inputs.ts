// Raw inputs, variables and service connections of a task.
import type { RawEndpoint, RawTask } from "../../EphemeralAgentTask/src/settings/input-reader.ts";

export interface RawParts {
  inputs?: Record<string, string | undefined>;
  variables?: Record<string, string | undefined>;
  endpoints?: Record<string, RawEndpoint>;
}

export const subscription = "11111111-1111-1111-1111-111111111111";

export function rawEndpoint(
  parameters: Record<string, string>,
  data: Record<string, string> = {},
  scheme = "ServicePrincipal",
  url = "https://management.azure.com/",
): RawEndpoint {
  const lower = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name.toLowerCase(), value]));
  return { url, scheme, parameter: (name) => lower[name.toLowerCase()], data: (name) => data[name] };
}

const endpoints: Record<string, RawEndpoint> = {
  azure: rawEndpoint(
    { serviceprincipalid: "client", serviceprincipalkey: "secret", tenantid: "tenant" },
    { subscriptionid: subscription, environment: "AzureCloud" },
  ),
  acr: rawEndpoint(
    { loginServer: "https://Contoso.azurecr.io/", serviceprincipalid: "puller", serviceprincipalkey: "key" },
    { registrytype: "ACR" },
  ),
  docker: rawEndpoint(
    { registry: "https://registry.example.com/v2/", username: "user", password: "pass" },
    { registrytype: "Others" },
    "UsernamePassword",
  ),
  SYSTEMVSSCONNECTION: rawEndpoint({ AccessToken: "job-token" }, {}, "OAuth", "https://dev.azure.com/contoso/"),
};

const variables: Record<string, string> = {
  "System.CollectionUri": "https://dev.azure.com/contoso/",
  "System.TeamProjectId": "project-1",
  "System.TeamProject": "Shop",
  "System.HostType": "build",
  "Build.BuildId": "101",
  "System.JobId": "job-1",
  "System.StageName": "Deploy",
  "System.StageAttempt": "2",
  "System.PlanId": "plan-1",
};

const inputs: Record<string, string> = {
  connectedServiceNameARM: "azure",
  resourceGroupName: "rg-agents",
  agentPool: "agents",
  imageName: "contoso.azurecr.io/agent:1",
};

/** A task that is given all it needs, and what a test changes of it. */
export function rawTask(parts: RawParts = {}): RawTask {
  const given = { ...inputs, ...parts.inputs };
  const known = { ...variables, ...parts.variables };
  const connections = { ...endpoints, ...parts.endpoints };
  return { input: (name) => given[name], variable: (name) => known[name], endpoint: (id) => connections[id] };
}
