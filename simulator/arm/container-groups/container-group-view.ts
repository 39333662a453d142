// A container group as a GET shows it.
import type { ContainerGroup } from "../../containers/container-group.ts";
import type { JsonObject } from "../json-body.ts";
import type { ContainerSpec } from "./request/container-request.ts";
import { type AddressSpec, type GroupRequest, type as resourceType } from "./request/group-request.ts";

/** What anybody who may read the group sees: no secure value, password or content of a secret (facts §2.3). */
export interface GroupView {
  readonly id: string;
  readonly request: GroupRequest;
  readonly tags: Readonly<Record<string, string>>;
  readonly group: ContainerGroup;
  readonly identity: JsonObject | undefined;
  /** Where it was made from a profile. */
  readonly standby?: FromProfile;
}

interface FromProfile {
  readonly profile: { readonly id: string; readonly revision: number };
  /** It waited in a standby pool before it got its name. */
  readonly isFromPool: boolean;
  /** The container's config map as files, and where they are in the container. */
  readonly files: Record<string, Buffer>;
  readonly mountPath: string;
}

/** @param instanceView lists leave it out, of the group and of its container. */
export function groupView({ id, request, tags, group, identity, standby }: GroupView, instanceView: boolean): object {
  const { deployment } = group;
  return {
    id,
    name: request.name,
    type: resourceType,
    location: request.location,
    tags,
    ...(identity === undefined ? {} : { identity }),
    ...(request.zones === undefined ? {} : { zones: request.zones }),
    properties: {
      sku: request.sku,
      provisioningState: deployment.provisioningState,
      provisioningTimeoutInSeconds: 1800,
      isCustomProvisioningTimeout: false,
      isCreatedFromStandbyPool: standby?.isFromPool ?? false,
      containers: [
        {
          name: request.container.name,
          properties: {
            ...containerView(request.container),
            ...(instanceView && deployment.view !== undefined ? { instanceView: containerInstanceView(group) } : {}),
          },
        },
      ],
      initContainers: [],
      ...(request.registryCredentials.length === 0
        ? {}
        : {
            imageRegistryCredentials: request.registryCredentials.map(({ server, username, identity }) => ({
              server,
              ...(username === undefined ? {} : { username }),
              ...(identity === undefined ? {} : { identity }),
            })),
          }),
      ...(request.restartPolicy === undefined ? {} : { restartPolicy: request.restartPolicy }),
      osType: request.osType,
      ...(request.volumes.length === 0
        ? {}
        : { volumes: request.volumes.map(({ name, kind, view }) => ({ name, [kind]: view })) }),
      ...(request.subnetId === undefined ? {} : { subnetIds: [{ id: request.subnetId }] }),
      ...(request.ipAddress === undefined ? {} : { ipAddress: addressView(request.ipAddress, request.name, group) }),
      // The pool itself is not named (recorded).
      ...(standby === undefined ? {} : { containerGroupProfile: standby.profile }),
      // The key of the workspace is not shown (recorded).
      ...(request.workspaceId === undefined
        ? {}
        : { diagnostics: { logAnalytics: { workspaceId: request.workspaceId } } }),
      ...(request.dnsConfig === undefined ? {} : { dnsConfig: request.dnsConfig }),
      ...(instanceView ? { instanceView: { events: deployment.groupEvents, state: group.state } } : {}),
    },
  };
}

/** The address itself is there once the group has come up; one in a subnet has none of the internet. */
function addressView(address: AddressSpec, name: string, group: ContainerGroup): JsonObject {
  const isUp = group.deployment.provisioningState === "Succeeded" && group.state === "Running";
  const last = 4 + ([...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 250);
  const ip = address.type === "Private" ? `10.20.1.${last}` : `203.0.113.${last}`;
  return { ...address, ...(isUp ? { ip } : {}) };
}

function containerView(container: ContainerSpec): object {
  return {
    image: container.image,
    ...(container.command === undefined ? {} : { command: container.command }),
    ports: container.ports,
    configMap: { keyValuePairs: container.configMap },
    ...container.probes,
    environmentVariables: container.environment.map(({ name, value, secure }) => (secure ? { name } : { name, value })),
    resources: { requests: { memoryInGB: container.memoryInGB, cpu: container.cpu } },
    ...(container.mounts.length === 0 ? {} : { volumeMounts: container.mounts }),
  };
}

function containerInstanceView({ deployment }: ContainerGroup): object {
  const view = deployment.view;
  if (view === undefined) return {};
  return {
    restartCount: view.restartCount,
    currentState: view.currentState,
    ...(view.previousState === undefined ? {} : { previousState: view.previousState }),
    // One without any has no such member (recorded).
    ...(deployment.containerEvents.length === 0 ? {} : { events: deployment.containerEvents }),
  };
}
