// A group's container as a real one: from an image of this machine, in a network that is its subnet's alone, with the
// memory it asked for. It finds the simulator's origins at its own loopback, as they are named everywhere.
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import type { Network } from "../../network/virtual-network-gateway.ts";
import type { ContainerEngine, ContainerStart, RunningContainer, SimImage } from "../container-engine.ts";
import { ContainerCli, type EngineName } from "./engine-command.ts";
import { killUntilEnded } from "./kill-until-ended.ts";
import { limits, Sandbox } from "./sandbox.ts";
import { ownPrefix, removeLeftovers } from "./stale-containers.ts";
import { SubnetNetworks } from "./subnets.ts";
import { configMapPlace, layVolumes } from "./volumes.ts";

/** Where the images' programs look for authorities to trust. */
const authorities = "/etc/ssl/certs/ca-certificates.crt";

/** Images of this machine for those of the simulated registry that name none. */
export interface LocalImages {
  /** Has the agent at `/azp/agent`. */
  readonly baked: string;
  readonly plain: string;
}

interface PodmanEngineOptions {
  readonly name: EngineName;
  /** Where volumes lie. */
  readonly folder: string;
  /** Authority that every container trusts, and none but it: there is nothing else to reach. */
  readonly caFile: string;
  readonly network: Network;
  readonly images: LocalImages;
  /** Ports of every origin of the simulator, asked when a container starts. */
  ports(): readonly number[];
}

/** Runs containers by podman or docker. */
export async function createPodmanEngine(options: PodmanEngineOptions): Promise<ContainerEngine> {
  const cli = new ContainerCli(options.name, options.folder);
  const prefix = ownPrefix();
  const subnets = new SubnetNetworks(cli, prefix);
  /** By the ids of their groups. */
  const groups = new Map<string, { readonly name: string; readonly sandbox: Promise<Sandbox> }>();
  let count = 0;
  await removeLeftovers(cli);
  const atExit = (): void => {
    const names = [...groups.values()].flatMap(({ name }) => [name, `${name}-net`]);
    if (names.length > 0) cli.runAtExit([...cli.remove, ...names]);
    if (subnets.names.length > 0) cli.runAtExit(["network", "rm", "--force", ...subnets.names]);
  };
  process.on("exit", atExit);

  function groupOf({ id, image, subnetId, metadataPort }: ContainerStart) {
    const known = groups.get(id);
    if (known !== undefined) return known;
    count += 1;
    const name = `${prefix}-${count}`;
    const sandbox = openSandbox(name, localImage(image, options.images), subnetId, metadataPort);
    const group = { name, sandbox };
    groups.set(id, group);
    return group;
  }

  async function openSandbox(name: string, image: string, subnetId: string | undefined, metadataPort?: number) {
    const network = await subnets.of(subnetId);
    const hosts = await options.network.hosts(subnetId, network.gateway);
    const metadata = metadataPort === undefined ? {} : { metadataPort };
    const sandbox = await Sandbox.open(cli, {
      ...{ name: `${name}-net`, image, network, hosts, ports: options.ports() },
      ...metadata,
    });
    await options.network.listen(subnetId, network.gateway);
    return sandbox;
  }

  const forget = async (id: string): Promise<void> => {
    const group = groups.get(id);
    groups.delete(id);
    if (group !== undefined) {
      await cli.attempt([...cli.remove, group.name]);
      await (await group.sandbox.catch(() => undefined))?.close();
    }
    await rm(volumesOf(options.folder, id), { recursive: true, force: true });
  };

  return {
    name: options.name,
    async start(container) {
      const { name, sandbox } = groupOf(container);
      const network = `container:${(await sandbox).name}`;
      const mounts = await layVolumes(volumesOf(options.folder, container.id), container.volumes);
      await cli.attempt([...cli.remove, name]);
      const variables = Object.keys(container.environment).flatMap((each) => ["--env", each]);
      const trust = ["--volume", `${options.caFile}:${authorities}:ro`];
      await cli.run(
        ["create", "--name", name, "--network", network, "--log-driver", "none"]
          .concat(limits, resources(container), mounts, trust, variables)
          .concat(program(container, localImage(container.image, options.images))),
        container.environment,
      );
      return follow(cli, name, container);
    },
    async apply(id, mountPath, files) {
      const folder = configMapPlace(volumesOf(options.folder, id), mountPath);
      for (const [name, content] of Object.entries(files))
        await writeFile(join(folder, name), content, { mode: 0o644 });
    },
    forget,
    async close() {
      await Promise.all([...groups.keys()].map(forget));
      await subnets.remove();
      process.off("exit", atExit);
    },
  };
}

function follow(cli: ContainerCli, name: string, { onOutput }: ContainerStart): RunningContainer {
  const client = cli.start(["start", "--attach", "--sig-proxy=false", name]);
  for (const stream of [client.stdout, client.stderr]) {
    const decoder = new StringDecoder("utf8");
    stream?.on("data", (chunk: Buffer) => onOutput(decoder.write(chunk)));
    stream?.on("end", () => onOutput(decoder.end()));
  }
  const exited = new Promise<{ readonly exitCode: number }>((resolve) => {
    client.once("error", () => resolve({ exitCode: 127 }));
    client.once("close", (code) => resolve({ exitCode: code ?? 137 }));
  });
  return {
    exited,
    kill: () => killUntilEnded(exited, () => cli.attempt(["kill", "--signal", "KILL", name])),
  };
}

const localImage = ({ local, agentBaked }: SimImage, { baked, plain }: LocalImages): string =>
  local ?? (agentBaked ? baked : plain);

const volumesOf = (folder: string, id: string): string => join(folder, id.replace(/[^\w.-]/g, "_"));

function resources({ memoryInGB, cpu }: ContainerStart): string[] {
  const bytes = memoryInGB === undefined ? undefined : String(Math.round(memoryInGB * 1024 ** 3));
  return [
    // Without swap, as there: beyond the limit something is killed.
    ...(bytes === undefined ? [] : ["--memory", bytes, "--memory-swap", bytes]),
    ...(cpu === undefined ? [] : ["--cpu-shares", String(Math.max(Math.round(cpu * 1024), 2))]),
  ];
}

/** A group's command takes the place of the image's entrypoint and arguments. */
function program({ command }: ContainerStart, image: string): string[] {
  const [file, ...args] = command ?? [];
  return file === undefined ? [image] : ["--entrypoint", file, image, ...args];
}
