// Azure and Azure DevOps on loopback, wired together.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Azure, type AzureOptions, startAzure } from "./azure-services.ts";
import { chosenEngine, type EngineChoice } from "./containers/choose-engine.ts";
import { createOrganization, type Organization } from "./devops/organization.ts";
import { defaultOptions, type OrganizationOptions } from "./devops/organization-options.ts";
import type { ServicePrincipal } from "./entra/directory.ts";
import { createSites, type SitesOptions } from "./http/https-sites.ts";
import type { Faults } from "./http/request-faults.ts";
import type { RequestLog } from "./http/request-log.ts";
import { type Outside, openOutside } from "./network/public-internet.ts";
import { federateConnections } from "./pipeline-runner/service-connections/project-connections.ts";
import { type ReadyFile, readyFile } from "./ready-file.ts";
import { samplesRegistry } from "./registry/initial-images.ts";
import { buildAgentPackage } from "./stand-in-agent/build-package.ts";

export interface SimulatorOptions extends SitesOptions {
  readonly azure?: AzureOptions;
  readonly organization?: Partial<OrganizationOptions>;
  /** What runs containers; `SIM_ENGINE` says so when it is left out, and processes when that is not set either. */
  readonly engine?: EngineChoice;
}

/** What is still there although nothing of it should be. */
export interface LeftBehind {
  /** Names of agent records, without those that the simulator's owner put there. */
  readonly agents: readonly string[];
  /** Names of container groups, whatever their state, without those that wait in standby pools. */
  readonly containerGroups: readonly string[];
}

export interface Simulator extends Omit<Azure, "close"> {
  readonly ready: ReadyFile;
  readonly caFile: string;
  readonly organization: Organization;
  /** Administers the agent pools as a member of the organization, without any token of its own. */
  readonly registrar: ServicePrincipal;
  readonly faults: Faults;
  readonly requests: RequestLog;
  /** What hosted machines reach beside the simulator's own addresses. */
  readonly outside: Outside;
  leftBehind(): LeftBehind;
  /** Ends every container and connection and removes every file. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts a simulator of its own: nothing is shared with another one in the same process. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  /** What has to be undone, in the order it was done. */
  const undo: (() => unknown)[] = [];
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= undoAll(undo);
    return stopping;
  };
  try {
    return await start(options, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(options: SimulatorOptions, undo: (() => unknown)[], stop: Simulator["stop"]): Promise<Simulator> {
  const folder = await mkdtemp(join(tmpdir(), "simulator-"));
  undo.push(() => rm(folder, { recursive: true, force: true }));
  const sites = await createSites(options);
  undo.push(() => sites.close());
  const engine = options.engine ?? chosenEngine();
  const bringsNode = { agentBringsNode: engine !== "process" };
  const organizationOptions = { ...defaultOptions, ...bringsNode, ...options.organization };
  const { agentVersion: version, agentTimeScale: timeScale, agentBringsNode: withNode } = organizationOptions;
  const standIn = () => buildAgentPackage({ version, timeScale, withNode });
  const agentPackage = organizationOptions.agentPackage ?? standIn;
  // The large one takes seconds; nobody shall wait for it in the middle of a run.
  if (withNode) await agentPackage();
  const azure = await startAzure({ sites, folder, agentPackage, engine }, options.azure);
  undo.push(() => azure.close());
  const [devops, oauth, downloads] = await Promise.all(["devops", "agent-oauth", "downloads"].map(sites.open));
  if (!devops || !oauth || !downloads) throw new Error("A site could not be opened.");
  const organization = await createOrganization({ devops, oauth, downloads }, organizationOptions, azure.entra);
  undo.push(() => organization.close());
  azure.entra.trustIssuer(organization.oidc.issuer, organization.oidc.keys);
  const registrar = azure.entra.directory.addServicePrincipal("agent-registrar");
  organization.addServicePrincipal(registrar);
  const registryPort = Number(new URL(`https://${azure.registry.server}`).port);
  const outside = await openOutside(new Map([[samplesRegistry, registryPort]]));
  undo.push(() => outside.close());
  federateConnections(azure, organization, registrar, organization.projects[0]?.name ?? "");

  return {
    ...azure,
    ready: readyFile(azure, organization, organizationOptions, sites.caFile),
    caFile: sites.caFile,
    organization,
    registrar,
    faults: sites.faults,
    outside,
    requests: sites.requests,
    leftBehind: () => ({
      agents: organization
        .agents()
        .filter(({ seeded }) => !seeded)
        .map(({ name }) => name),
      containerGroups: azure.arm
        .containerGroups()
        .filter((group) => !azure.arm.waiting(group))
        .map(({ name }) => name),
    }),
    stop,
  };
}

/** Undoes all of it, the last first, even when some of it fails. @throws the first failure. */
async function undoAll(undo: (() => unknown)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const each of undo.reverse()) {
    try {
      await each();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
