// The ContainerHost port over the container instance SDK.
import { ContainerInstanceManagementClient } from "@azure/arm-containerinstance";
import { createHttpHeaders, createPipelineRequest, type PipelinePolicy } from "@azure/core-rest-pipeline";
import { type ContainerHost, type NetworkView, ServiceFault } from "../ports.ts";
import { resourceGroupId } from "../resource-group-id.ts";
import { retryAfter } from "../retry-after.ts";
import type { CommonSettings } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { clientOptions } from "./client-options.ts";
import { credentialOf } from "./credential.ts";
import { azureFault } from "./faults.ts";
import { toBody, toView } from "./group-body.ts";
import { pullCredential } from "./registry.ts";

/**
 * The SDK follows a create by the operation's own address, whose failures carry no reason and which needs a right of its
 * own (facts aci-azure-sdk §0.1). Without these headers it looks at the group once and is done.
 */
const followNoOperation = (transport: Transport): PipelinePolicy => ({
  name: "followNoOperation",
  async sendRequest(request, next) {
    const response = await next(request);
    transport.time.heard("Azure", response.headers.get("date"));
    for (const header of ["azure-asyncoperation", "operation-location", "location"]) response.headers.delete(header);
    return response;
  },
});

const apiVersions = { virtualNetworks: "2023-09-01", resourceGroups: "2021-04-01" };

/** What is read of a virtual network or a resource group. */
interface NetworkBody {
  readonly location?: string;
  readonly properties?: { readonly dhcpOptions?: { readonly dnsServers?: readonly string[] } };
  readonly error?: { readonly code?: string; readonly message?: string };
}

export type HostSettings = Pick<CommonSettings, "azure" | "resourceGroupName">;

/** @param productVersion of this extension, for the user agent */
export function containerHost(settings: HostSettings, transport: Transport, productVersion: string): ContainerHost {
  const { azure, resourceGroupName: group } = settings;
  const groupId = resourceGroupId(settings);
  const client = new ContainerInstanceManagementClient(credentialOf(azure, transport), azure.subscriptionId, {
    ...clientOptions(azure.armUrl, transport),
    endpoint: azure.armUrl,
    $host: azure.armUrl,
    credentialScopes: [`${azure.audience.replace(/\/+$/, "")}/.default`],
    // One place retries: lifecycle/retry.ts.
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: `EphemeralAgent/${productVersion}` },
  });
  client.pipeline.addPolicy(followNoOperation(transport));

  async function call<T>(changes: boolean, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw azureFault(error, changes);
    }
  }

  /** A plain read of another provider, by the same pipeline and credential. */
  async function network(path: string, apiVersion: string): Promise<NetworkView> {
    const response = await client.sendRequest(
      createPipelineRequest({
        url: `${azure.armUrl}${path}?api-version=${apiVersion}`,
        headers: createHttpHeaders({ accept: "application/json" }),
      }),
    );
    const body = JSON.parse(response.bodyAsText || "{}") as NetworkBody;
    if (response.status === 200 && body.location) {
      return { location: body.location, dnsServers: body.properties?.dhcpOptions?.dnsServers ?? [] };
    }
    const missing = response.status === 404 && path.includes("/virtualNetworks/");
    const code = missing ? "SubnetNotFound" : (body.error?.code ?? "unexpected");
    throw new ServiceFault("Azure", code, body.error?.message ?? `no region in the answer for ${path}`, {
      status: response.status,
      retryable: response.status >= 500 || response.status === 429,
      ...retryAfter(response.headers.get("retry-after")),
    });
  }

  return {
    resourceGroupId: groupId,

    network: (subnetId) =>
      call(false, () =>
        subnetId
          ? network(subnetId.replace(/\/subnets\/[^/]+$/i, ""), apiVersions.virtualNetworks)
          : network(groupId, apiVersions.resourceGroups),
      ),

    pullCredential: (access) => call(false, () => pullCredential(access, transport)),

    create: (definition) =>
      call(true, async () => {
        let accepted = false;
        try {
          await client.containerGroups.beginCreateOrUpdate(group, definition.name, toBody(definition), {
            onResponse({ request, status }) {
              accepted ||= request.method === "PUT" && status < 300;
            },
          });
        } catch (error) {
          // The one look that the SDK then takes may find the group failed already, of which it says nothing but that.
          if (!accepted) throw error;
        }
        return toView(await client.containerGroups.get(group, definition.name));
      }),

    get: (name) =>
      call(false, async () => {
        try {
          return toView(await client.containerGroups.get(group, name));
        } catch (error) {
          if (azureFault(error, false).details.status === 404) return undefined;
          throw error;
        }
      }),

    list: () =>
      call(false, async () => {
        const all = [];
        for await (const one of client.containerGroups.listByResourceGroup(group)) all.push(toView(one));
        return all;
      }),

    remove: (name) =>
      call(true, async () => {
        let status = 0;
        await client.containerGroups.beginDelete(group, name, {
          onResponse: (response) => {
            if (response.request.method === "DELETE") status = response.status;
          },
        });
        return status === 204 ? "absent" : "removed";
      }),

    stop: (name) =>
      call(true, async () => {
        await client.containerGroups.stop(group, name);
      }),

    tag: (name, tags) =>
      call(true, async () => {
        await client.containerGroups.update(group, name, { tags: { ...tags } });
      }),

    log: (name, lines) =>
      call(false, async () => {
        try {
          return (await client.containers.listLogs(group, name, name, { tail: lines })).content ?? "";
        } catch (error) {
          // A container that never ran has no log; nor has one whose group is not there.
          if (azureFault(error, false).details.status === 404) return "";
          throw error;
        }
      }),
  };
}
