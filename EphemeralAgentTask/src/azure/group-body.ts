// Our container group to the SDK's body and back.
import type { ContainerGroup, Volume } from "@azure/arm-containerinstance";
import type { ContainerGroupDefinition, ContainerGroupView, ContainerVolume, GroupEvent } from "../ports.ts";

const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");

function volume(one: ContainerVolume): Volume {
  if (one.kind === "emptyDir") return { name: one.name, emptyDir: {} };
  const files = Object.entries(one.files).map(([name, text]) => [name, base64(text)]);
  return { name: one.name, secret: Object.fromEntries(files) };
}

/** The PUT body. The restart policy is no promise: a non-zero exit may still be restarted (facts aci-azure-sdk §3.5). */
export function toBody(definition: ContainerGroupDefinition): ContainerGroup {
  const { name, registry, subnetId } = definition;
  return {
    location: definition.location,
    tags: { ...definition.tags },
    osType: definition.osType,
    restartPolicy: "Never",
    containers: [
      {
        name,
        image: definition.image,
        command: [...definition.command],
        environmentVariables: [],
        resources: { requests: { cpu: definition.cpu, memoryInGB: definition.memoryInGB } },
        volumeMounts: definition.volumes.map((one) => ({ name: one.name, mountPath: one.mountPath })),
      },
    ],
    volumes: definition.volumes.map(volume),
    ...(registry ? { imageRegistryCredentials: [{ ...registry }] } : {}),
    ...(subnetId ? { subnetIds: [{ id: subnetId }] } : {}),
  };
}

type SdkEvent = NonNullable<NonNullable<ContainerGroup["instanceView"]>["events"]>[number];

const event = (one: SdkEvent): GroupEvent => ({
  name: one.name ?? "",
  message: one.message ?? "",
  type: one.type ?? "Normal",
  count: one.count ?? 1,
  lastTimestamp: one.lastTimestamp?.toISOString() ?? "",
});

/** What a GET shows. Events of the group and of its container are told as one list. */
export function toView(group: ContainerGroup): ContainerGroupView {
  const container = group.containers[0]?.instanceView;
  const current = container?.currentState;
  const previous = container?.previousState;
  return {
    id: group.id ?? "",
    name: group.name ?? "",
    tags: group.tags ?? {},
    provisioningState: group.provisioningState ?? "",
    events: [...(group.instanceView?.events ?? []), ...(container?.events ?? [])].map(event),
    ...(current?.state === undefined
      ? {}
      : {
          container: {
            state: current.state,
            restartCount: container?.restartCount ?? 0,
            ...(current.exitCode === undefined ? {} : { exitCode: current.exitCode }),
            ...(current.detailStatus ? { detailStatus: current.detailStatus } : {}),
            ...(previous?.exitCode === undefined ? {} : { previousExitCode: previous.exitCode }),
          },
        }),
  };
}
