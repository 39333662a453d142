// Implements the ContainerHost port over the SDK of Azure Container Instances.
import type { ContainerGroup, ContainerGroupsCreateOrUpdateOptionalParams } from "@azure/arm-containerinstance";
import { shapes } from "../../http/answer-validation.ts";
import type { Transport } from "../../http/transport.ts";
import { resourceGroupId } from "../../plan/resource-group-id.ts";
import { type ContainerGroupView, type ContainerHost, type NetworkView, ServiceFault } from "../../ports.ts";
import type { CommonSettings } from "../../settings/settings.ts";
import { armReader } from "../arm-requests.ts";
import { azureRefusal, saysMissing, saysNoLog } from "../errors/arm-errors.ts";
import { pullCredential } from "../registry/registry-token.ts";
import { standbyPools } from "../standby/standby-pools.ts";
import { allowanceIn, toBody, toView } from "./container-group-body.ts";
import { armClient } from "./container-instance-client.ts";

const apiVersions = { virtualNetworks: "2023-09-01", resourceGroups: "2021-04-01" };

/** What is read of a virtual network or a resource group. */
interface NetworkBody {
  readonly location: string;
  readonly properties?: { readonly dhcpOptions?: { readonly dnsServers?: readonly string[] } };
}

const aPlace = {
  what: "something with a region",
  shape: (body: unknown): body is NetworkBody => shapes.record(body) && shapes.text(body.location),
};

type HostSettings = Pick<CommonSettings, "azure" | "resourceGroupName">;

const abortedBy = (signal: AbortSignal | undefined) => (signal ? { abortSignal: signal } : {});

/** @param productVersion of this extension, for the user agent */
export function containerHost(settings: HostSettings, transport: Transport, productVersion: string): ContainerHost {
  const { azure, resourceGroupName: group } = settings;
  const groupId = resourceGroupId(settings);
  const client = armClient(azure, transport, productVersion);
  const arm = armReader(azure, transport);
  const standby = standbyPools(azure, transport);
  /** Of groups whose container has another name than they have: those out of a standby pool. */
  const containers = new Map<string, string>();

  function seen(group: ContainerGroup): ContainerGroupView {
    const container = group.containers[0]?.name;
    if (group.name && container) containers.set(group.name, container);
    return toView(group);
  }

  async function call<T>(send: () => Promise<T>): Promise<T> {
    try {
      return await send();
    } catch (error) {
      throw azureRefusal(error);
    }
  }

  /** Returns a substitute when Azure says that something does not exist. */
  async function unlessMissing<T>(missing: T, send: () => Promise<T>, says = saysMissing): Promise<T> {
    try {
      return await call(send);
    } catch (error) {
      if (says(azureRefusal(error))) return missing;
      throw error;
    }
  }

  async function network(path: string, apiVersion: string, signal: AbortSignal | undefined): Promise<NetworkView> {
    const { location, properties } = (await arm.read(path, apiVersion, aPlace, signal)).body;
    return { location, dnsServers: properties?.dhcpOptions?.dnsServers ?? [] };
  }

  /** A missing virtual network is reported as a missing subnet. */
  async function networkOf(subnetId: string, signal: AbortSignal | undefined): Promise<NetworkView> {
    const path = subnetId.replace(/\/subnets\/[^/]+$/i, "");
    try {
      return await network(path, apiVersions.virtualNetworks, signal);
    } catch (error) {
      const fault = azureRefusal(error);
      if (!saysMissing(fault)) throw fault;
      throw new ServiceFault("Azure", "SubnetNotFound", fault.message, fault.details);
    }
  }

  return {
    resourceGroupId: groupId,

    network: (subnetId, signal) =>
      subnetId ? networkOf(subnetId, signal) : network(groupId, apiVersions.resourceGroups, signal),

    pullCredential: (access, signal) => pullCredential(access, transport, signal),

    standbyPool: (id, signal) => standby.read(id, signal),

    create(definition, signal) {
      if (definition.standby) {
        const id = `${groupId}/providers/Microsoft.ContainerInstance/containerGroups/${definition.name}`;
        containers.set(definition.name, definition.standby.pool.container);
        return standby.claim(id, definition, signal);
      }
      containers.set(definition.name, definition.name);
      return new Promise((resolve, reject) => {
        // Ends the look that the SDK takes at the group by itself: it may not be seen yet, or have failed already, of which
        // the SDK says nothing but that.
        const look = new AbortController();
        const options: ContainerGroupsCreateOrUpdateOptionalParams = {
          abortSignal: signal ? AbortSignal.any([signal, look.signal]) : look.signal,
          onResponse({ request, status, headers }, made) {
            if (request.method !== "PUT" || status >= 300) return;
            resolve({ ...toView(made as ContainerGroup), ...allowanceIn((name) => headers.get(name)) });
            look.abort();
          },
        };
        const refuse = (error: unknown) => reject(azureRefusal(error));
        client.containerGroups
          .beginCreateOrUpdate(group, definition.name, toBody(definition), options)
          .then(() => refuse(new Error("the request came to nothing.")), refuse);
      });
    },

    get: (name, signal) =>
      unlessMissing<ContainerGroupView | undefined>(undefined, async () =>
        seen(await client.containerGroups.get(group, name, abortedBy(signal))),
      ),

    list: (signal) =>
      call(async () => {
        const all = [];
        for await (const one of client.containerGroups.listByResourceGroup(group, abortedBy(signal))) {
          all.push(seen(one));
        }
        return all;
      }),

    remove: (name, signal) =>
      unlessMissing("absent", async () => {
        let status = 0;
        await client.containerGroups.beginDelete(group, name, {
          ...abortedBy(signal),
          onResponse: (response) => {
            if (response.request.method === "DELETE") status = response.status;
          },
        });
        return status === 204 ? "absent" : "removed";
      }),

    stop: (name, signal) =>
      call(async () => {
        await client.containerGroups.stop(group, name, abortedBy(signal));
      }),

    tag: (name, tags, signal) =>
      call(async () => {
        await client.containerGroups.update(group, name, { tags: { ...tags } }, abortedBy(signal));
      }),

    // A container that never ran has no log; nor has one whose group is not there.
    log: (name, lines, signal) =>
      unlessMissing(
        "",
        async () => {
          const options = { tail: lines, ...abortedBy(signal) };
          return (await client.containers.listLogs(group, name, containers.get(name) ?? name, options)).content ?? "";
        },
        saysNoLog,
      ),
  };
}
