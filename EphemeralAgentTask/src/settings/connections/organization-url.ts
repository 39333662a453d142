// The addresses of the organization that runs the pipeline. A classic release may lack `System.CollectionUri`, and an agent
// of an Azure DevOps Server may reach it by another one only.

import type { RawTask } from "../input-reader.ts";
import { bare } from "./connection-fields.ts";

/**
 * One address for all that Azure DevOps Services has: jobs of a release know their organization by a host of releases.
 * @param url of an organization or collection
 * @returns it without a slash at the end
 */
function canonical(url: string): string {
  const text = bare(url.trim());
  if (!URL.canParse(text)) return text;
  const { host, pathname } = new URL(text);
  const [, organization] = /^([\w-]+)\.(?:vsrm\.)?visualstudio\.com$/i.exec(host) ?? [];
  if (organization !== undefined) return `https://dev.azure.com/${organization}`;
  return /^vsrm\.dev\.azure\.com$/i.test(host) ? `https://dev.azure.com${bare(pathname)}` : text;
}

const same = (one: string, other: string) => canonical(one).toLowerCase() === canonical(other).toLowerCase();

const hostOf = (url: string) => {
  const address = canonical(url);
  return URL.canParse(address) ? new URL(address).host : "";
};

interface Organization {
  /** The one that this machine is known to reach, with a slash at the end; empty when the agent gave none. */
  readonly url: string;
  /** Whether an address is the organization's own, by any of its names. */
  has(url: string): boolean;
  /** Whether an address is on a host of the organization: its job token may go there. */
  hosts(url: string): boolean;
}

/**
 * @param raw what the agent gave. It writes the address that it was configured with into `System.TeamFoundationCollectionUri`
 *   and the system connection, but not into `System.CollectionUri` (facts agent-protocol §9).
 */
export function ownOrganization(raw: RawTask): Organization {
  const given = [
    raw.variable("System.TeamFoundationCollectionUri"),
    raw.endpoint("SYSTEMVSSCONNECTION")?.url,
    raw.variable("System.CollectionUri"),
  ].flatMap((url) => (url?.trim() ? [url.trim()] : []));
  const reached = given.map((url) => (/^https:\/\/vsrm\./i.test(url) ? canonical(url) : bare(url)));
  return {
    url: reached[0] === undefined ? "" : `${reached[0]}/`,
    has: (url) => given.some((one) => same(one, url)),
    hosts: (url) => given.some((one) => hostOf(one) === hostOf(url)),
  };
}
