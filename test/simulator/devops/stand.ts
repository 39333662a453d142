// A simulated organization for a test file.
import { getPersonalAccessTokenHandler, WebApi } from "azure-devops-node-api";
import type { ITaskAgentApi } from "azure-devops-node-api/TaskAgentApi.js";
import type { OrganizationOptions } from "../../../simulator/devops/options.ts";
import { createOrganization, type Organization } from "../../../simulator/devops/organization.ts";
import { createSites, type Sites } from "../../../simulator/http/sites.ts";
import { type Answer, type Call, send } from "./https.ts";

/** An organization served over HTTPS, with the clients a test needs. */
export interface Stand {
  readonly sites: Sites;
  readonly organization: Organization;
  readonly poolName: string;
  /** The unmodified client, with the owner's token unless another is given. */
  client(token?: string): WebApi;
  tasks(token?: string): Promise<ITaskAgentApi>;
  /** A plain request. `path` is relative to the collection, or a whole address. */
  call(method: string, path: string, call?: Partial<Call>): Promise<Answer>;
  close(): Promise<void>;
}

export async function openStand(options: Partial<OrganizationOptions> = {}): Promise<Stand> {
  const sites = await createSites();
  const [devops, oauth, downloads] = await Promise.all(
    ["devops", "agent-oauth", "downloads"].map((name) => sites.open(name)),
  );
  if (devops === undefined || oauth === undefined || downloads === undefined) throw new Error("A site did not open.");
  const organization = await createOrganization({ devops, oauth, downloads }, options);
  const { caFile } = sites;
  const client = (token = organization.pat): WebApi =>
    new WebApi(organization.url, getPersonalAccessTokenHandler(token), { cert: { caFile } });
  return {
    sites,
    organization,
    poolName: "ephemeral-agents",
    client,
    tasks: (token) => client(token).getTaskAgentApi(),
    call: (method, path, call = {}) =>
      send(caFile, method, new URL(path, organization.url), { token: organization.pat, ...call }),
    async close() {
      organization.close();
      await sites.close();
    },
  };
}
