// A container without a container engine: the group's command as a process of this machine, in a folder that stands for
// the container's file system. Paths that mean the container's own are moved into that folder: mounts, arguments that
// begin with a mount's path or the agent's, and values of the image's environment.
import { type ChildProcess, spawn } from "node:child_process";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as delay } from "node:timers/promises";
import type { Network, NetworkSeat } from "../../network/virtual-network-gateway.ts";
import type { ContainerEngine, ContainerStart, RunningContainer } from "../container-engine.ts";
import { killOnExit, killProcessesOf, killProcessGroup } from "./process-tree.ts";
import { type AgentPackage, layRootFolder } from "./root-folder.ts";

const looks = 20;
/** How long, in ms, output that an escaped process still holds open is waited for. */
const openOutputMs = 2_000;

interface ProcessEngineOptions {
  /** Where each container gets its folder. */
  readonly folder: string;
  /** Authority that every simulated image trusts. */
  readonly caFile: string;
  readonly network: Network;
  readonly agentPackage?: AgentPackage;
}

/** Runs containers as processes. */
export function createProcessEngine(options: ProcessEngineOptions): ContainerEngine {
  const rootOf = (id: string): string => join(options.folder, id.replace(/[^\w.-]/g, "_"));
  return {
    name: "process",
    async start(container) {
      const root = rootOf(container.id);
      await layRootFolder(root, container, options.agentPackage);
      const seat =
        container.subnetId === undefined ? undefined : options.network.join(container.subnetId, container.metadataPort);
      return run(root, container, environment(root, container, options.caFile, seat), seat);
    },
    async apply(id, mountPath, files) {
      for (const [name, content] of Object.entries(files)) await writeFile(join(rootOf(id), mountPath, name), content);
    },
    async forget(id) {
      killProcessesOf(rootOf(id));
      await rm(rootOf(id), { recursive: true, force: true });
    },
  };
}

function run(
  root: string,
  container: ContainerStart,
  env: Record<string, string>,
  seat: NetworkSeat | undefined,
): RunningContainer {
  const [file = "/bin/bash", ...args] = (container.command ?? container.image.command ?? []).map((argument) =>
    inside(root, argument, container),
  );
  // A group of its own, so that the simulator's terminal does not interrupt it and all of it can be killed.
  const child = spawn(file, args, { cwd: root, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  forwardOutput(child, container);
  const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const ended = new Promise<number>((resolve) => {
    child.once("error", (error) => {
      container.onOutput(`exec: ${error.message}\n`);
      resolve(127);
    });
    child.once("exit", (code, signal) => resolve(code ?? (signal === "SIGKILL" ? 137 : 143)));
  });
  const killAll = (): void => {
    if (child.pid !== undefined) killProcessGroup(child.pid);
    // One that was being started while another was killed is found by the next look.
    for (let look = 0; look < looks && killProcessesOf(root) > 0; look += 1);
  };
  const forget = child.pid === undefined ? undefined : killOnExit(child.pid);
  const exited = ended.then(async (exitCode) => {
    seat?.leave();
    // A container ends with its first process, whatever that left behind.
    killAll();
    forget?.();
    await Promise.race([closed, delay(openOutputMs, undefined, { ref: false })]);
    child.stdout?.destroy();
    child.stderr?.destroy();
    return { exitCode };
  });
  return {
    rootFolder: root,
    exited,
    async kill() {
      killAll();
      await exited;
    },
  };
}

function environment(
  root: string,
  { image, environment: ofGroup, metadataPort }: ContainerStart,
  caFile: string,
  seat: NetworkSeat | undefined,
): Record<string, string> {
  const ofImage = Object.entries(image.environment).map(([name, value]) => [
    name,
    value.startsWith("/") ? root + value : value,
  ]);
  return {
    PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    LANG: "C.UTF-8",
    HOME: `${root}/home`,
    TMPDIR: `${root}/tmp`,
    // A user of this machine is none of the image's: its home is another's, and the container's folder is closed to it.
    EPHEMERAL_AGENT_USER: "root",
    ...Object.fromEntries(ofImage),
    NODE_EXTRA_CA_CERTS: caFile,
    CURL_CA_BUNDLE: caFile,
    SSL_CERT_FILE: caFile,
    SIM_NODE: process.execPath,
    // Its usual address is nobody's here, unless a program asks the gateway for it.
    ...(metadataPort && { AZURE_POD_IDENTITY_AUTHORITY_HOST: `http://127.0.0.1:${metadataPort}` }),
    ...seat?.environment,
    ...ofGroup,
  };
}

function inside(root: string, argument: string, { volumes }: ContainerStart): string {
  const places = ["/azp", ...volumes.map(({ mountPath }) => mountPath)];
  const isInside = places.some((place) => argument === place || argument.startsWith(`${place}/`));
  return isInside ? root + argument : argument;
}

function forwardOutput(child: ChildProcess, { onOutput }: ContainerStart): void {
  for (const stream of [child.stdout, child.stderr]) {
    const decoder = new StringDecoder("utf8");
    stream?.on("data", (chunk: Buffer) => onOutput(decoder.write(chunk)));
    stream?.on("end", () => onOutput(decoder.end()));
  }
}
