// Somebody who looks at the services, or lends a hand, beside the task.
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { type Answer, type Ask, ask } from "../../simulator/http/plain-request.ts";

const armVersion = "api-version=2023-05-01";

/** A token for Azure of a service principal: of the task's own one, unless another is given. */
export async function armToken({ ready, caFile }: Simulator, as: "deployer" | "administrator"): Promise<string> {
  const [clientId, clientSecret] =
    as === "deployer"
      ? [ready.clientId, ready.clientSecret]
      : [ready.administratorClientId, ready.administratorClientSecret];
  const form = { grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret };
  const answer = await ask(caFile, `${ready.authority}/${ready.tenantId}/oauth2/v2.0/token`, {
    method: "POST",
    body: new URLSearchParams({ ...form, scope: `${ready.arm}/.default` }).toString(),
  });
  return (answer.json() as { access_token: string }).access_token;
}

/** Asks Azure Resource Manager. @param path resource id, or what is below a resource group */
export async function askAzure(
  simulator: Simulator,
  path: string,
  { as = "deployer", method = "GET" }: { as?: "deployer" | "administrator"; method?: string } = {},
): Promise<Answer> {
  const headers = { authorization: `Bearer ${await armToken(simulator, as)}` };
  return ask(simulator.caFile, `${simulator.ready.arm}${path}?${armVersion}`, { method, headers });
}

/** @returns the status of the answer */
export async function deleteGroup(simulator: Simulator, id: string): Promise<number> {
  return (await askAzure(simulator, id, { method: "DELETE" })).status;
}

/** Asks the organization with any token. @param path below the collection, with its query */
export function askOrganization(simulator: Simulator, token: string, path: string, options: Ask = {}): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, accept: "application/json;api-version=7.1-preview" };
  return ask(simulator.caFile, new URL(path, simulator.ready.organizationUrl).href, { ...options, headers });
}
