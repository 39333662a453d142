// The ContainerHost port over the container instance SDK.
import { ContainerInstanceManagementClient } from "@azure/arm-containerinstance";
import type { TokenCredential } from "@azure/core-auth";
import { createHttpHeaders, createPipelineRequest, type PipelinePolicy } from "@azure/core-rest-pipeline";
import { type ContainerHost, ServiceFault } from "../ports.ts";
import type { CommonSettings } from "../settings.ts";
import { azureFault } from "./faults.ts";
import { toBody, toView } from "./group-body.ts";

/**
 * The SDK follows a create by the operation's own address, whose failures carry no reason and which needs a right of its
 * own (facts aci-azure-sdk §0.1). Without these headers it looks at the group once and is done.
 */
const followNoOperation: PipelinePolicy = {
  name: "followNoOperation",
  async sendRequest(request, next) {
    const response = await next(request);
    for (const header of ["azure-asyncoperation", "operation-location", "location"]) response.headers.delete(header);
    return response;
  },
};

const apiVersions = { virtualNetworks: "2023-09-01", resourceGroups: "2021-04-01" };

export type HostSettings = Pick<CommonSettings, "azure" | "resourceGroupName">;

/** @param productVersion of this extension, for the user agent */
export function containerHost(
  settings: HostSettings,
  credential: TokenCredential,
  productVersion: string,
): ContainerHost {
  const { azure, resourceGroupName: group } = settings;
  const client = new ContainerInstanceManagementClient(credential, azure.subscriptionId, {
    endpoint: azure.armUrl,
    $host: azure.armUrl,
    credentialScopes: [`${azure.audience.replace(/\/+$/, "")}/.default`],
    // One place retries: lifecycle/retry.ts.
    retryOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: `EphemeralAgent/${productVersion}` },
  });
  client.pipeline.addPolicy(followNoOperation);

  async function call<T>(changes: boolean, send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw azureFault(error, changes);
    }
  }

  /** A plain read of another provider, by the same pipeline and credential. */
  async function region(path: string, apiVersion: string): Promise<string> {
    const response = await client.sendRequest(
      createPipelineRequest({
        url: `${azure.armUrl}${path}?api-version=${apiVersion}`,
        headers: createHttpHeaders({ accept: "application/json" }),
      }),
    );
    const body = JSON.parse(response.bodyAsText || "{}") as {
      location?: string;
      error?: { code?: string; message?: string };
    };
    if (response.status === 200 && body.location) return body.location;
    const missing = response.status === 404 && path.includes("/virtualNetworks/");
    throw new ServiceFault(
      "Azure",
      missing ? "SubnetNotFound" : (body.error?.code ?? "unexpected"),
      body.error?.message ?? `no region in the answer for ${path}`,
      {
        status: response.status,
        retryable: response.status >= 500 || response.status === 429,
      },
    );
  }

  return {
    location: (subnetId) =>
      call(false, () =>
        subnetId
          ? region(subnetId.replace(/\/subnets\/[^/]+$/i, ""), apiVersions.virtualNetworks)
          : region(`/subscriptions/${azure.subscriptionId}/resourceGroups/${group}`, apiVersions.resourceGroups),
      ),

    create: (definition) =>
      call(true, async () => {
        await client.containerGroups.beginCreateOrUpdate(group, definition.name, toBody(definition));
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
