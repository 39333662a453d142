// Azure and Azure DevOps on loopback, wired together.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildAgentPackage } from "./agent/package.ts";
import { type Azure, type AzureOptions, startAzure } from "./azure.ts";
import { defaultOptions, type OrganizationOptions } from "./devops/options.ts";
import { createOrganization, type Organization } from "./devops/organization.ts";
import type { Faults } from "./http/faults.ts";
import type { RequestLog } from "./http/request-log.ts";
import { createSites, type SitesOptions } from "./http/sites.ts";
import { type ReadyFile, readyFile } from "./ready-file.ts";

export interface SimulatorOptions extends SitesOptions {
  readonly azure?: AzureOptions;
  readonly organization?: Partial<OrganizationOptions>;
}

/** What is still there although nothing of it should be. */
export interface LeftBehind {
  /** Names of agent records, without those that the simulator's owner put there. */
  readonly agents: readonly string[];
  /** Names of container groups, whatever their state. */
  readonly containerGroups: readonly string[];
}

export interface Simulator extends Omit<Azure, "close"> {
  readonly ready: ReadyFile;
  readonly caFile: string;
  readonly organization: Organization;
  readonly faults: Faults;
  readonly requests: RequestLog;
  leftBehind(): LeftBehind;
  /** Ends every container and connection and removes every file. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts a simulator of its own: nothing is shared with another one in the same process. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const folder = await mkdtemp(join(tmpdir(), "simulator-"));
  const sites = await createSites(options);
  const organizationOptions = { ...defaultOptions, ...options.organization };
  const { agentVersion: version, agentTimeScale: timeScale } = organizationOptions;
  const agentPackage = () => buildAgentPackage({ version, timeScale });
  const azure = await startAzure({ sites, folder, agentPackage }, options.azure);
  const [devops, oauth, downloads] = await Promise.all(["devops", "agent-oauth", "downloads"].map(sites.open));
  if (!devops || !oauth || !downloads) throw new Error("A site could not be opened.");
  const organization = await createOrganization({ devops, oauth, downloads }, organizationOptions);

  let stopping: Promise<void> | undefined;
  async function stop(): Promise<void> {
    organization.close();
    await azure.close();
    await sites.close();
    await rm(folder, { recursive: true, force: true });
  }
  return {
    ...azure,
    ready: readyFile(azure, organization, organizationOptions, sites.caFile),
    caFile: sites.caFile,
    organization,
    faults: sites.faults,
    requests: sites.requests,
    leftBehind: () => ({
      agents: organization
        .agents()
        .filter(({ seeded }) => !seeded)
        .map(({ name }) => name),
      containerGroups: azure.arm.containerGroups().map(({ name }) => name),
    }),
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
