// What runs containers: a real engine or processes of this machine implement it.

/** An image of the simulated registry. `environment` is what its Dockerfile's ENV would set. */
export interface SimImage {
  /** `registry/repository:tag` as a container group names it. */
  readonly reference: string;
  readonly pullable: "anonymous" | "with-credentials";
  /** True when the agent is unpacked at `/azp/agent` in the image. */
  readonly agentBaked: boolean;
  readonly environment: Readonly<Record<string, string>>;
  /** `amd64` when left out, the only one that container groups run (facts aci-azure-sdk §3.2). */
  readonly architecture?: string;
  /** The image's own entrypoint, for groups that give no command. */
  readonly command?: readonly string[];
  /** The image of this machine that stands for it where real containers run; a usual one when left out. */
  readonly local?: string;
}

export interface ContainerVolume {
  readonly mountPath: string;
  readonly readOnly: boolean;
  /**
   * A secret volume has files; an emptyDir has none and keeps its content when the container restarts, and so does an
   * azureFile, which all groups that mount its share have in common. A gitRepo is an empty folder. A configMap has files,
   * and gets others while the container runs.
   */
  readonly kind: "secret" | "emptyDir" | "azureFile" | "gitRepo" | "configMap";
  /** The file share, by storage account and name. */
  readonly share?: string;
  readonly files: Readonly<Record<string, Buffer>>;
}

export interface ContainerStart {
  /** Unique per container group; a restart starts the same id again. */
  readonly id: string;
  readonly image: SimImage;
  readonly command: readonly string[] | undefined;
  /** Plain and secure values together, as the process sees them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly ContainerVolume[];
  /** Resource id of the subnet, or undefined for a group outside any VNet. */
  readonly subnetId: string | undefined;
  /** At most; whatever goes beyond is killed. Only real containers have limits. */
  readonly memoryInGB?: number;
  readonly cpu?: number;
  /** Port of this machine that is the container's instance metadata service, if it has any. */
  readonly metadataPort?: number;
  onOutput(text: string): void;
}

export interface RunningContainer {
  /** Where its file system can be inspected by a test, if it can. */
  readonly rootFolder?: string;
  readonly exited: Promise<{ readonly exitCode: number }>;
  /** Ends it at once with everything it started (no grace: facts aci-azure-sdk §3.5). */
  kill(): Promise<void>;
}

/** What runs a group's container: a process in a folder of its own, or a real container where an engine is present. */
export interface ContainerEngine {
  readonly name: "process" | "podman" | "docker";
  start(container: ContainerStart): Promise<RunningContainer>;
  /**
   * Writes files into a configMap volume of a container that runs.
   * @param id of the container's start
   */
  apply(id: string, mountPath: string, files: Readonly<Record<string, Buffer>>): Promise<void>;
  /** Removes what is kept for a group (folders, volumes). */
  forget(id: string): Promise<void>;
  /** Removes everything that is left (networks). */
  close?(): Promise<void>;
}
