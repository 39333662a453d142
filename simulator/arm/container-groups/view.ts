import type { ContainerGroup } from "../../containers/container-group.ts";
import type { JsonObject } from "../json.ts";
import type { ContainerSpec } from "./container-spec.ts";
import { type GroupRequest, type as resourceType } from "./request.ts";

/** What anybody who may read the group sees: no secure value, password or content of a secret (facts §2.3). */
export interface GroupView {
  readonly id: string;
  readonly request: GroupRequest;
  readonly tags: Readonly<Record<string, string>>;
  readonly group: ContainerGroup;
  readonly identity: JsonObject | undefined;
}

/** @param instanceView lists leave it out, of the group and of its container. */
export function groupView({ id, request, tags, group, identity }: GroupView, instanceView: boolean): object {
  const { deployment } = group;
  return {
    id,
    name: request.name,
    type: resourceType,
    location: request.location,
    tags,
    ...(identity === undefined ? {} : { identity }),
    properties: {
      sku: request.sku,
      provisioningState: deployment.provisioningState,
      provisioningTimeoutInSeconds: 1800,
      isCustomProvisioningTimeout: false,
      isCreatedFromStandbyPool: false,
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
      restartPolicy: request.restartPolicy,
      osType: request.osType,
      ...(request.volumes.length === 0
        ? {}
        : { volumes: request.volumes.map(({ name, kind }) => ({ name, [kind]: {} })) }),
      ...(request.subnetId === undefined ? {} : { subnetIds: [{ id: request.subnetId }] }),
      ...(request.dnsConfig === undefined ? {} : { dnsConfig: request.dnsConfig }),
      ...(instanceView ? { instanceView: { events: deployment.groupEvents, state: group.state } } : {}),
    },
  };
}

function containerView(container: ContainerSpec): object {
  return {
    image: container.image,
    ...(container.command === undefined ? {} : { command: container.command }),
    ports: [],
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
