// Reads the container of a request for a container group.
import { notSimulated } from "../../arm-error.ts";
import type { JsonObject } from "../../json-body.ts";
import type { Reader } from "./body-reader.ts";
import { invalid } from "./group-errors.ts";
import { checkContainerName, checkVariableName } from "./group-names.ts";
import type { VolumeSpec } from "./volumes.ts";

interface VariableSpec {
  readonly name: string;
  readonly value: string;
  /** Given as `secureValue`: nobody but the container sees it. */
  readonly secure: boolean;
}

interface MountSpec {
  readonly name: string;
  readonly mountPath: string;
  /** Shown only where it was given (recorded). */
  readonly readOnly?: boolean;
}

export interface ContainerSpec {
  readonly name: string;
  readonly image: string;
  readonly command: readonly string[] | undefined;
  readonly cpu: number;
  readonly memoryInGB: number;
  readonly environment: readonly VariableSpec[];
  readonly mounts: readonly MountSpec[];
  readonly ports: readonly PortSpec[];
  /** Kept and shown; no file is made of it in the container, which nothing recorded tells of. */
  readonly configMap: Readonly<Record<string, string>>;
  /** Kept and shown; nobody probes. */
  readonly probes: JsonObject;
}

export interface PortSpec {
  readonly port: number;
  readonly protocol?: string;
}

/** A port as it was written. @throws Refused with 400 when it is none. */
export function readPort(port: Reader): PortSpec {
  const [number, protocol] = [port.number("port"), port.oneOf("protocol", ["TCP", "UDP"])];
  if (number === undefined || !Number.isInteger(number) || number < 1 || number > 65_535) {
    throw invalid("InvalidPort", `The port '${number}' at '${port.path}' is invalid: it must be 1 to 65535.`);
  }
  return { ...(protocol && { protocol }), port: number };
}

const probe = [
  "exec",
  "httpGet",
  "initialDelaySeconds",
  "periodSeconds",
  "failureThreshold",
  "successThreshold",
  "timeoutSeconds",
];

/** Reads the group's container. @throws Refused when the service would refuse it, or when there are several. */
export function readContainer(properties: Reader, group: string, volumes: readonly VolumeSpec[]): ContainerSpec {
  const [container, another] = properties.objects("containers", ["name", "properties"]);
  if (container === undefined) {
    throw invalid("MissingContainers", `The containers of container group '${group}' are not specified.`);
  }
  if (another !== undefined) throw notSimulated("container groups with more than one container");
  const name = container.text("name") ?? "";
  checkContainerName(name, group);
  const known = [
    ...["image", "command", "environmentVariables", "resources", "volumeMounts", "instanceView", "ports"],
    ...["configMap", "livenessProbe", "readinessProbe"],
  ];
  const inner = container.object("properties", known, ["securityContext"]);
  const image = inner?.text("image");
  if (inner === undefined || !image) {
    const message = `The image of container '${name}' in container group '${group}' is not specified.`;
    throw invalid("MissingImage", message);
  }
  const command = inner.texts("command");
  return {
    name,
    image,
    command: command?.length === 0 ? undefined : command,
    ...readResources(inner, name, group),
    environment: readEnvironment(inner, name, group),
    mounts: readMounts(inner, name, group, volumes),
    ports: inner.objects("ports", ["port", "protocol"]).map(readPort),
    configMap: inner.object("configMap", ["keyValuePairs"])?.map("keyValuePairs") ?? {},
    probes: Object.fromEntries(
      (["livenessProbe", "readinessProbe"] as const).flatMap((kind) =>
        inner.object(kind, probe) === undefined ? [] : [[kind, inner.raw(kind)]],
      ),
    ),
  };
}

function readResources(inner: Reader, name: string, group: string): { cpu: number; memoryInGB: number } {
  const requests = inner
    .object("resources", ["requests", "limits"])
    ?.object("requests", ["cpu", "memoryInGB"], ["gpu"]);
  const [cpu, memoryInGB] = [requests?.number("cpu"), requests?.number("memoryInGB")];
  if (cpu === undefined || memoryInGB === undefined) {
    const message = `The resource requests of container '${name}' in container group '${group}' are not specified.`;
    throw invalid("ResourceRequestsNotSpecified", message);
  }
  // CPU in hundredths, memory in tenths of a gigabyte.
  if (!(cpu > 0 && memoryInGB > 0 && isMultiple(cpu, 0.01) && isMultiple(memoryInGB, 0.1))) {
    const message = `The resource requests of container '${name}' in container group '${group}' are invalid: '${cpu}' CPU, '${memoryInGB}' GB memory.`;
    throw invalid("InvalidResourceRequests", message);
  }
  return { cpu, memoryInGB };
}

function readEnvironment(inner: Reader, container: string, group: string): VariableSpec[] {
  const names = new Set<string>();
  return inner
    .objects("environmentVariables", ["name", "value", "secureValue"], ["secureValueReference"])
    .map((variable) => {
      const name = variable.text("name") ?? "";
      checkVariableName(name, container, group);
      const [value, secureValue] = [variable.text("value"), variable.text("secureValue")];
      if ((value === undefined) === (secureValue === undefined) || names.has(name)) {
        const message = `The environment variable '${name}' in container '${container}' of container group '${group}' must be given once, with a value or a secure value.`;
        throw invalid("InvalidContainerEnvironmentVariable", message);
      }
      names.add(name);
      return { name, value: value ?? secureValue ?? "", secure: secureValue !== undefined };
    });
}

function readMounts(inner: Reader, container: string, group: string, volumes: readonly VolumeSpec[]): MountSpec[] {
  const paths = new Set<string>();
  return inner.objects("volumeMounts", ["name", "mountPath", "readOnly"]).map((mount) => {
    const [name, mountPath] = [mount.text("name") ?? "", mount.text("mountPath") ?? ""];
    if (!volumes.some((volume) => volume.name === name)) {
      const message = `The volume '${name}' that container '${container}' mounts is not in container group '${group}'.`;
      throw invalid("VolumeMountNotFound", message);
    }
    const isPath = /^\/[^:\0]+$/.test(mountPath) && !mountPath.split("/").some((part) => part === "..");
    if (!isPath || paths.has(mountPath)) {
      const message = `The mount path '${mountPath}' of volume '${name}' in container '${container}' of container group '${group}' is invalid: it must be absolute, its own, and without ':'.`;
      throw invalid("InvalidVolumeMountPath", message);
    }
    paths.add(mountPath);
    const readOnly = mount.flag("readOnly");
    const given = readOnly === undefined ? {} : { readOnly };
    return { name, mountPath: mountPath.replace(/\/+$/, ""), ...given };
  });
}

function isMultiple(value: number, step: number): boolean {
  const times = value / step;
  return Math.abs(times - Math.round(times)) < 1e-6;
}
