// A simulated Azure for a test file.
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ContainerGroup, ContainerInstanceManagementClient } from "@azure/arm-containerinstance";
import { ClientSecretCredential } from "@azure/identity";
import { type Azure, type AzureOptions, type Principal, startAzure } from "../../../simulator/azure-services.ts";
import { createSites, type Sites } from "../../../simulator/http/https-sites.ts";
import { type Answer, type Ask, ask } from "../http/plain-request.ts";

export const apiVersion = "api-version=2023-05-01";

/** An Azure of its own for a test file, with the unmodified clients pointed at it. */
export interface Stand extends Azure {
  readonly sites: Sites;
  /** Path of the resource group, and of the container groups in it. */
  readonly groupPath: string;
  readonly groupsPath: string;
  client(principal?: Principal): ContainerInstanceManagementClient;
  /** One plain request with the principal's token. */
  call(path: string, options?: Ask, principal?: Principal): Promise<Answer>;
  put(name: string, body: object, principal?: Principal): Promise<Answer>;
  /** A container group as the SDK takes it. */
  group(changes?: Partial<ContainerGroup>, script?: string): ContainerGroup;
  stop(): Promise<void>;
}

const quick = { pendingMs: 5, pullMs: 5, startMs: 5, settleMs: 5, restartMs: 5, pullRetryMs: 5, deleteMs: 5 };

export async function startStand(options: AzureOptions = {}): Promise<Stand> {
  const sites = await createSites();
  const folder = await mkdtemp(join(tmpdir(), "arm-test-"));
  const azure = await startAzure(
    { sites, folder },
    { events: "late", ...options, timings: { ...quick, ...options.timings } },
  );
  const tlsOptions = { ca: readFileSync(sites.caFile) };
  const scope = `${azure.armOrigin}/.default`;
  const credentials = new Map<Principal, ClientSecretCredential>();
  const credential = (principal: Principal): ClientSecretCredential => {
    const made =
      credentials.get(principal) ??
      new ClientSecretCredential(azure.entra.tenantId, principal.appId, principal.secret, {
        authorityHost: azure.authority,
        disableInstanceDiscovery: true,
        tlsOptions,
      });
    credentials.set(principal, made);
    return made;
  };
  const groupPath = `/subscriptions/${azure.arm.subscriptionId}/resourceGroups/${azure.resourceGroup}`;
  const groupsPath = `${groupPath}/providers/Microsoft.ContainerInstance/containerGroups`;

  async function call(path: string, askOptions: Ask = {}, principal = azure.deployer): Promise<Answer> {
    const { token } = await credential(principal).getToken(scope);
    const headers = { authorization: `Bearer ${token}`, ...askOptions.headers };
    return ask(sites.caFile, azure.armOrigin + path, { ...askOptions, headers });
  }

  return {
    ...azure,
    sites,
    groupPath,
    groupsPath,
    client: (principal = azure.deployer) =>
      new ContainerInstanceManagementClient(credential(principal), azure.arm.subscriptionId, {
        endpoint: azure.armOrigin,
        $host: azure.armOrigin,
        credentialScopes: [scope],
        tlsOptions,
        retryOptions: { maxRetries: 0 },
      }),
    call,
    put: (name, body, principal) => call(`${groupsPath}/${name}?${apiVersion}`, { method: "PUT", body }, principal),
    group: (changes = {}, script = "echo up; sleep 1000") => ({
      location: azure.location,
      osType: "Linux",
      restartPolicy: "Never",
      subnetIds: [{ id: azure.subnetId }],
      containers: [
        {
          name: "agent",
          image: azure.registry.image,
          command: ["/bin/bash", "-c", script],
          resources: { requests: { cpu: 1, memoryInGB: 2 } },
        },
      ],
      ...changes,
    }),
    async stop() {
      await azure.close();
      await sites.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** The body of a plain PUT, with changes merged over what is fine. */
export function plainGroup(stand: Stand, properties: object = {}, container: object = {}, top: object = {}): object {
  return {
    location: stand.location,
    properties: {
      osType: "Linux",
      restartPolicy: "Never",
      subnetIds: [{ id: stand.subnetId }],
      containers: [
        {
          name: "agent",
          properties: {
            image: stand.registry.image,
            command: ["/bin/sleep", "1000"],
            resources: { requests: { cpu: 1, memoryInGB: 2 } },
            ...container,
          },
        },
      ],
      ...properties,
    },
    ...top,
  };
}

export function errorOf(answer: Answer): { readonly code: string; readonly message: string } {
  return (answer.json() as { error: { code: string; message: string } }).error;
}
