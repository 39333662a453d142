// Reads and writes `.agent` and `.credentials`, the agent's own configuration files.
import { type Install, readConfiguration } from "./agent-files.ts";

/** What `.agent` and `.credentials` hold (facts agent-protocol §1.3). */
export interface AgentSettings {
  readonly agentId: number;
  readonly agentName: string;
  readonly poolId: number;
  readonly serverUrl: string;
  readonly workFolder: string;
  readonly skipCapabilitiesScan: boolean;
}

export interface AgentCredentials {
  readonly clientId: string;
  readonly authorizationUrl: string;
  readonly oauthEndpointUrl: string;
}

/** @throws when a field that the agent cannot do without is missing or of the wrong kind. */
export function loadSettings(install: Install): AgentSettings {
  const file = readConfiguration(install, ".agent");
  if (file.agentCloudId !== undefined && file.agentCloudId !== null) {
    throw new Error(".agent has an agentCloudId: this agent takes itself for a Microsoft-hosted one.");
  }
  return {
    agentId: number(file, "agentId"),
    agentName: text(file, "agentName"),
    poolId: number(file, "poolId"),
    serverUrl: text(file, "serverUrl"),
    workFolder: text(file, "workFolder"),
    skipCapabilitiesScan: file.skipCapabilitiesScan === true,
  };
}

export function loadCredentials(install: Install): AgentCredentials {
  const { scheme, data } = readConfiguration(install, ".credentials");
  if (scheme !== "OAuth" || typeof data !== "object" || data === null) {
    throw new Error(".credentials does not hold OAuth credentials.");
  }
  const fields = data as Record<string, unknown>;
  const authorizationUrl = text(fields, "authorizationUrl");
  return {
    clientId: text(fields, "clientId"),
    authorizationUrl,
    oauthEndpointUrl: fields.oauthEndpointUrl === undefined ? authorizationUrl : text(fields, "oauthEndpointUrl"),
  };
}

function text(fields: Record<string, unknown>, name: string): string {
  const value = fields[name];
  if (typeof value !== "string" || value === "") throw new Error(`The agent's configuration has no ${name}.`);
  return value;
}

function number(fields: Record<string, unknown>, name: string): number {
  const value = fields[name];
  if (typeof value !== "number" || !Number.isInteger(value)) {
    throw new Error(`The agent's configuration has no whole number ${name}.`);
  }
  return value;
}
