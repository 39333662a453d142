// The environment a node task is started with, variable by variable as facts task-conventions §2.1 lists it.
import type { Endpoint } from "../job/job-message.ts";
import type { Variable } from "../job/job-variables.ts";

/** The job's own connection to Azure DevOps; its `AccessToken` parameter is the job token. */
export const SYSTEM_CONNECTION = "SystemVssConnection";

export interface TaskState {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

/** `Build.BuildId` → `BUILD_BUILDID`: dots and spaces become `_`, nothing else changes. */
function environmentName(name: string): string {
  return name.replaceAll(".", "_").replaceAll(" ", "_").toUpperCase();
}

/** Public variables, as scripts see them too. `agent.jobstatus` comes under its own name as well. */
export function publicVariableEnvironment(variables: readonly Variable[]): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const { name, value, secret } of variables) {
    if (secret) continue;
    if (name.toLowerCase() === "agent.jobstatus") environment[name] = value;
    environment[environmentName(name)] = value;
  }
  return environment;
}

function endpointEnvironment(endpoint: Endpoint): Record<string, string> {
  const isSystem = endpoint.name.toLowerCase() === SYSTEM_CONNECTION.toLowerCase();
  const key = isSystem ? SYSTEM_CONNECTION.toUpperCase() : endpoint.id.toLowerCase();
  const { parameters, scheme } = endpoint.authorization;
  const environment: Record<string, string> = {
    // A .NET Uri shows an origin with its slash, as URL does.
    [`ENDPOINT_URL_${key}`]: URL.canParse(endpoint.url) ? new URL(endpoint.url).toString() : endpoint.url,
    [`ENDPOINT_AUTH_${key}`]: JSON.stringify({ parameters, scheme }),
    [`ENDPOINT_AUTH_SCHEME_${key}`]: scheme,
  };
  for (const [name, value] of Object.entries(parameters))
    environment[`ENDPOINT_AUTH_PARAMETER_${key}_${environmentName(name)}`] = value;
  if (isSystem) return environment;
  environment[`ENDPOINT_DATA_${key}`] = JSON.stringify(endpoint.data);
  for (const [name, value] of Object.entries(endpoint.data))
    environment[`ENDPOINT_DATA_${key}_${environmentName(name)}`] = value;
  return environment;
}

/** Everything a node task finds, in the order the agent adds it: a later part overrides an earlier one. */
export function taskEnvironment(parts: {
  /** The step's own `env:`, expanded. */
  readonly stepEnvironment: Readonly<Record<string, string>>;
  readonly variables: readonly Variable[];
  readonly inputs: Readonly<Record<string, string>>;
  /** Only those the task's inputs name, and the system connection. */
  readonly endpoints: readonly Endpoint[];
  readonly taskVariables: readonly TaskState[];
}): Record<string, string> {
  const environment: Record<string, string> = { ...parts.stepEnvironment };
  Object.assign(environment, publicVariableEnvironment(parts.variables));
  const secrets = parts.variables.filter(({ secret }) => secret);
  for (const { name, value } of secrets) environment[`SECRET_${environmentName(name)}`] = value;
  const names = (secret: boolean): string =>
    JSON.stringify(parts.variables.filter((variable) => variable.secret === secret).map(({ name }) => name));
  environment.VSTS_PUBLIC_VARIABLES = names(false);
  environment.VSTS_SECRET_VARIABLES = names(true);
  for (const [name, value] of Object.entries(parts.inputs)) environment[`INPUT_${environmentName(name)}`] = value;
  for (const endpoint of parts.endpoints) Object.assign(environment, endpointEnvironment(endpoint));
  for (const { name, value } of parts.taskVariables) environment[`VSTS_TASKVARIABLE_${environmentName(name)}`] = value;
  return environment;
}
