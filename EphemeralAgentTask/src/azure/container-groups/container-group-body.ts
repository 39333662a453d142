// Converts a container group to and from the body that the SDK sends.
import type {
  ContainerGroup,
  EnvironmentVariable,
  ImageRegistryCredential,
  Volume,
} from "@azure/arm-containerinstance";
import type {
  ContainerGroupDefinition,
  ContainerGroupView,
  ContainerVolume,
  CreateAllowance,
  GroupEvent,
  RegistryCredential,
} from "../../ports.ts";

const base64 = (text: string) => Buffer.from(text, "utf8").toString("base64");

function volume(one: ContainerVolume): Volume {
  switch (one.kind) {
    case "emptyDir":
      return { name: one.name, emptyDir: {} };
    case "azureFile":
      return {
        name: one.name,
        azureFile: {
          shareName: one.share,
          storageAccountName: one.account,
          storageAccountKey: one.key,
          readOnly: one.readOnly,
        },
      };
    case "secret": {
      const files = Object.entries(one.files).map(([name, text]) => [name, base64(text)]);
      return { name: one.name, secret: Object.fromEntries(files) };
    }
  }
}

function environment(definition: ContainerGroupDefinition): EnvironmentVariable[] {
  const plain = Object.entries(definition.environment).map(([name, value]) => ({ name, value }));
  // Values that no reader of the group sees (facts aci-azure-sdk §3.7).
  const secret = Object.entries(definition.secretEnvironment).map(([name, secureValue]) => ({ name, secureValue }));
  return [...plain, ...secret];
}

function pullCredential(registry: RegistryCredential): ImageRegistryCredential {
  return "identityId" in registry ? { server: registry.server, identity: registry.identityId } : { ...registry };
}

/** The identities of a group; nothing where it has none. */
export function identitiesOf(ids: readonly string[]): Pick<ContainerGroup, "identity"> {
  if (ids.length === 0) return {};
  const userAssignedIdentities = Object.fromEntries(ids.map((id) => [id, {}]));
  return { identity: { type: "UserAssigned", userAssignedIdentities } };
}

/** The PUT body. The restart policy is no promise: a non-zero exit may still be restarted (facts aci-azure-sdk §3.5). */
export function toBody(definition: ContainerGroupDefinition): ContainerGroup {
  const { name, registry, subnetId, dns, logAnalytics, identityIds } = definition;
  return {
    location: definition.location,
    tags: { ...definition.tags },
    osType: definition.osType,
    restartPolicy: "Never",
    containers: [
      {
        name,
        image: definition.image,
        ...(definition.command ? { command: [...definition.command] } : {}),
        environmentVariables: environment(definition),
        resources: { requests: { cpu: definition.cpu, memoryInGB: definition.memoryInGB } },
        volumeMounts: definition.volumes.map((one) => ({ name: one.name, mountPath: one.mountPath })),
      },
    ],
    volumes: definition.volumes.map(volume),
    ...identitiesOf(identityIds),
    ...(registry ? { imageRegistryCredentials: [pullCredential(registry)] } : {}),
    ...(subnetId ? { subnetIds: [{ id: subnetId }] } : {}),
    ...(dns
      ? { dnsConfig: { nameServers: [...dns.servers], ...(dns.search ? { searchDomains: dns.search } : {}) } }
      : {}),
    ...(logAnalytics ? { diagnostics: { logAnalytics: { ...logAnalytics } } } : {}),
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

function placeOf({ location, containers, subnetIds }: ContainerGroup): Pick<ContainerGroupView, "place"> {
  const [container] = containers;
  const { cpu, memoryInGB } = container?.resources?.requests ?? {};
  if (!location || !container || cpu === undefined || memoryInGB === undefined) return {};
  const subnetId = subnetIds?.[0]?.id;
  const size = { cpu, memoryInGB };
  return { place: { location, image: container.image, ...size, ...(subnetId === undefined ? {} : { subnetId }) } };
}

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
    ...placeOf(group),
    events: [...(group.instanceView?.events ?? []), ...(container?.events ?? [])].map(event),
    ...(current?.state === undefined
      ? {}
      : {
          container: {
            state: current.state,
            restartCount: container?.restartCount ?? 0,
            ...(current.exitCode === undefined ? {} : { exitCode: current.exitCode }),
            ...(current.startTime === undefined ? {} : { startedAt: current.startTime.getTime() }),
            ...(current.detailStatus ? { detailStatus: current.detailStatus } : {}),
            ...(previous?.exitCode === undefined ? {} : { previousExitCode: previous.exitCode }),
          },
        }),
  };
}

const header = "x-ms-ratelimit-remaining-subscription-resource-requests-";

/**
 * How many container groups may still be created, as Azure tells with each create (facts aci-azure-sdk §2.3).
 * @param headerOf the value of a header of the answer, by its name in small letters
 * @returns nothing for what the answer does not tell, or not as a number
 */
export function allowanceIn(headerOf: (name: string) => string | undefined): { allowance?: CreateAllowance } {
  const left = (name: string): number | undefined => {
    const value = headerOf(`${header}${name}`)?.trim() ?? "";
    return /^\d+$/.test(value) ? Number(value) : undefined;
  };
  const [in5Minutes, inHour] = [left("pt5m"), left("pt1h")];
  if (in5Minutes === undefined && inHour === undefined) return {};
  return {
    allowance: { ...(in5Minutes === undefined ? {} : { in5Minutes }), ...(inHour === undefined ? {} : { inHour }) },
  };
}
