import { parseImageReference } from "../../registry/image-reference.ts";
import { notSimulated } from "../arm-error.ts";
import type { JsonObject } from "../json.ts";
import { regionName } from "../locations.ts";
import { tagsOf } from "../tags.ts";
import { type ContainerSpec, readContainer } from "./container-spec.ts";
import { type Identity, readIdentity } from "./identity.ts";
import { checkGroupName } from "./names.ts";
import { Reader } from "./reader.ts";
import { invalid, invalidContent } from "./refusals.ts";
import { type RegistryCredential, readRegistryCredentials } from "./registry-credentials.ts";
import { readVolumes, type VolumeSpec } from "./volumes.ts";

export const type = "Microsoft.ContainerInstance/containerGroups";

/** A container group as a PUT asks for it, checked as far as its own content goes. */
export interface GroupRequest {
  readonly name: string;
  readonly location: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly identity: Identity | undefined;
  readonly osType: "Linux";
  readonly sku: "Standard";
  readonly restartPolicy: "Always" | "OnFailure" | "Never";
  readonly container: ContainerSpec;
  readonly volumes: readonly VolumeSpec[];
  readonly registryCredentials: readonly RegistryCredential[];
  readonly subnetId: string | undefined;
  readonly dnsConfig: JsonObject | undefined;
}

const knownProperties = [
  ...["containers", "imageRegistryCredentials", "restartPolicy", "osType", "volumes", "subnetIds", "dnsConfig", "sku"],
  ...["priority", "provisioningState", "instanceView"],
];
const unsupportedProperties = [
  ...["initContainers", "ipAddress", "diagnostics", "encryptionProperties", "extensions", "networkProfile"],
  ...["confidentialComputeProperties", "containerGroupProfile", "standbyPoolProfile", "secretReferences"],
  ...["identityAcls", "isCreatedFromStandbyPool", "provisioningTimeoutInSeconds", "isCustomProvisioningTimeout"],
];

/** @throws Refused for the first thing that the service refuses, or that the simulator does not know. */
export function readGroup(name: string, body: JsonObject): GroupRequest {
  checkGroupName(name);
  const top = new Reader(
    body,
    "containerGroup",
    ["id", "name", "type", "location", "tags", "identity", "properties"],
    ["zones"],
  );
  const properties = top.object("properties", knownProperties, unsupportedProperties);
  if (properties === undefined) throw invalidContent("Required property 'properties' not found.");
  const osType = properties.oneOf("osType", ["Linux", "Windows"]);
  if (osType === undefined)
    throw invalid("MissingOsType", `The OS type of container group '${name}' is not specified.`);
  if (osType === "Windows") throw notSimulated("container groups of OS type Windows");
  const subnetId = readSubnet(properties, name);
  const priority = properties.oneOf("priority", ["Regular", "Spot"]);
  if (priority === "Spot" && subnetId !== undefined) {
    const message = `Container group '${name}' of priority 'Spot' cannot be deployed to a virtual network.`;
    throw invalid("SpotPriorityNotSupportedInVirtualNetwork", message);
  }
  const identity = readIdentity(top);
  const volumes = readVolumes(properties, name);
  const container = readContainer(properties, name, volumes);
  if (parseImageReference(container.image) === undefined) {
    const message = `The image '${container.image}' of container '${container.name}' in container group '${name}' is no valid image reference.`;
    throw invalid("InvalidImageName", message);
  }
  return {
    name,
    location: regionName(top.raw("location"), type),
    tags: tagsOf(top.raw("tags")),
    identity,
    osType,
    sku: properties.oneOf("sku", ["Standard"]) ?? "Standard",
    restartPolicy: properties.oneOf("restartPolicy", ["Always", "OnFailure", "Never"]) ?? "Always",
    container,
    volumes,
    registryCredentials: readRegistryCredentials(properties, name, identity),
    subnetId,
    dnsConfig: readDnsConfig(properties, name, subnetId),
  };
}

function readSubnet(properties: Reader, name: string): string | undefined {
  const [subnet, another] = properties.objects("subnetIds", ["id", "name"]);
  if (another !== undefined) {
    throw invalid("MultipleSubnetsNotSupported", `Container group '${name}' may be in one subnet only.`);
  }
  if (subnet === undefined) return undefined;
  const id = subnet.text("id");
  if (id === undefined) throw invalidContent(`Required property 'id' not found at '${subnet.path}'.`);
  return id;
}

function readDnsConfig(properties: Reader, name: string, subnetId: string | undefined): JsonObject | undefined {
  const dns = properties.object("dnsConfig", ["nameServers", "searchDomains", "options"]);
  if (dns === undefined) return undefined;
  const nameServers = dns.texts("nameServers");
  if (nameServers === undefined || nameServers.length === 0 || subnetId === undefined) {
    const message = `The DNS configuration of container group '${name}' needs name servers and a virtual network.`;
    throw invalid("InvalidDnsConfig", message);
  }
  const [searchDomains, options] = [dns.text("searchDomains"), dns.text("options")];
  return { nameServers, ...(searchDomains && { searchDomains }), ...(options && { options }) };
}
