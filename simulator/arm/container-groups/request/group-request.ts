// Reads a request for a container group and checks its content.
import { parseImageReference } from "../../../registry/image-reference.ts";
import { notSimulated } from "../../arm-error.ts";
import type { JsonObject } from "../../json-body.ts";
import { tagsOf } from "../../resources/tags.ts";
import { regionName } from "../../subscription/regions.ts";
import { Reader } from "./body-reader.ts";
import { type ContainerSpec, type PortSpec, readContainer, readPort } from "./container-request.ts";
import { invalid, invalidContent } from "./group-errors.ts";
import { type Identity, readIdentity } from "./group-identity.ts";
import { checkGroupName } from "./group-names.ts";
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
  /** `Always` when left out; what was not asked for is not shown (recorded 2024-10-30). */
  readonly restartPolicy: RestartPolicy | undefined;
  readonly container: ContainerSpec;
  readonly volumes: readonly VolumeSpec[];
  readonly registryCredentials: readonly RegistryCredential[];
  readonly subnetId: string | undefined;
  readonly dnsConfig: JsonObject | undefined;
  readonly zones: readonly string[] | undefined;
  readonly ipAddress: AddressSpec | undefined;
  /** Log Analytics workspace that the container's lines go to, with the key that lets them in. */
  readonly workspaceId: string | undefined;
  readonly workspaceKey: string | undefined;
}

type RestartPolicy = "Always" | "OnFailure" | "Never";

export interface AddressSpec {
  readonly type: "Public" | "Private";
  readonly ports: readonly PortSpec[];
  readonly dnsNameLabel?: string;
  readonly fqdn?: string;
}

const knownProperties = [
  ...["containers", "imageRegistryCredentials", "restartPolicy", "osType", "volumes", "subnetIds", "dnsConfig", "sku"],
  ...["priority", "provisioningState", "instanceView", "ipAddress", "diagnostics"],
];
const unsupportedProperties = [
  ...["initContainers", "encryptionProperties", "extensions", "networkProfile"],
  ...["confidentialComputeProperties", "containerGroupProfile", "standbyPoolProfile", "secretReferences"],
  ...["identityAcls", "isCreatedFromStandbyPool", "provisioningTimeoutInSeconds", "isCustomProvisioningTimeout"],
];

/** @throws Refused for the first thing that the service refuses, or that the simulator does not know. */
export function readGroup(name: string, body: JsonObject): GroupRequest {
  checkGroupName(name);
  const top = new Reader(body, "containerGroup", [
    "id",
    "name",
    "type",
    "location",
    "tags",
    "identity",
    "properties",
    "zones",
  ]);
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
    restartPolicy: properties.oneOf("restartPolicy", ["Always", "OnFailure", "Never"]),
    container,
    volumes,
    registryCredentials: readRegistryCredentials(properties, name, identity),
    subnetId,
    dnsConfig: readDnsConfig(properties, name, subnetId),
    zones: top.texts("zones"),
    ipAddress: readAddress(properties, regionName(top.raw("location"), type)),
    ...readWorkspace(properties, name),
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

function readAddress(properties: Reader, location: string): AddressSpec | undefined {
  const known = ["type", "ports", "ip", "dnsNameLabel", "autoGeneratedDomainNameLabelScope", "fqdn"];
  const address = properties.object("ipAddress", known);
  const kind = address?.oneOf("type", ["Public", "Private"]);
  if (address === undefined || kind === undefined) return undefined;
  const label = address.text("dnsNameLabel");
  const named = label && { dnsNameLabel: label, fqdn: `${label}.${location}.azurecontainer.io` };
  return { type: kind, ports: address.objects("ports", ["port", "protocol"]).map(readPort), ...named };
}

function readWorkspace(properties: Reader, name: string): Pick<GroupRequest, "workspaceId" | "workspaceKey"> {
  const known = ["workspaceId", "workspaceKey", "logType", "metadata", "workspaceResourceId"];
  const analytics = properties.object("diagnostics", ["logAnalytics"])?.object("logAnalytics", known);
  const [workspaceId, workspaceKey] = [analytics?.text("workspaceId"), analytics?.text("workspaceKey")];
  if (analytics !== undefined && (!workspaceId || !workspaceKey)) {
    const message = `The Log Analytics workspace of container group '${name}' needs an id and a key.`;
    throw invalid("InvalidLogAnalyticsWorkspace", message);
  }
  return { workspaceId, workspaceKey };
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
