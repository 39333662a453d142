// Removes agent records.
import type { Simulator } from "../../simulator/start-simulator.ts";
import { ask } from "../simulator/http/plain-request.ts";

/** Removes the agent records whose names begin so, as a person would in the pool's list. */
export async function removeRecords({ organization, caFile }: Simulator, prefix: string): Promise<void> {
  const authorization = `Basic ${Buffer.from(`:${organization.pat}`).toString("base64")}`;
  for (const { id, name } of organization.agents().filter((agent) => agent.name.startsWith(prefix))) {
    const url = `${organization.url}_apis/distributedtask/pools/1/agents/${id}?api-version=7.1`;
    const { status, text } = await ask(caFile, url, { method: "DELETE", headers: { authorization } });
    if (status >= 400) throw new Error(`${name} could not be removed: ${text}`);
  }
}
