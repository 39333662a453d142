// The client of the organization's pools, with a token that is good.

import { TaskAgentApi } from "azure-devops-node-api/TaskAgentApi.js";
import type { Transport } from "../http/transport.ts";
import type { DevOpsConnection } from "../ports/connections.ts";
import { type AgentKeys, agentKeys } from "./agent-configuration-files.ts";
import { type Shaper, shaper } from "./expected-fields.ts";
import { type Session, sessionWith } from "./organization-client.ts";

/** The organization's pools: the client, and a way to call it with a token that is good. */
export interface PoolClient {
  readonly api: TaskAgentApi;
  readonly url: string;
  readonly transport: Transport;
  readonly shaper: Shaper;
  readonly call: Session["call"];
  readonly over: Session["over"];
  /** Keys for the agents that are registered. */
  readonly key: AgentKeys;
  /** Tells the user what could not be looked at. */
  tell(line: string): void;
}

/** @param keysAhead how many agents' keys are made at once, as so many will be registered */
export function poolClient(
  devops: DevOpsConnection,
  transport: Transport,
  productVersion: string,
  tell: (line: string) => void = () => undefined,
  keysAhead = 0,
): PoolClient {
  const product = `EphemeralAgent/${productVersion}`;
  const { over, call } = sessionWith(devops, transport, product);
  const api = over(new TaskAgentApi(devops.url, []));
  return { api, url: devops.url, transport, shaper: shaper(devops.url), call, over, key: agentKeys(keysAhead), tell };
}
