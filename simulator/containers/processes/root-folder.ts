// Lays out the root folder of a container that is a process.
import { cp, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { x } from "tar";
import type { ContainerStart, ContainerVolume } from "../container-engine.ts";
import { sharePlace } from "../podman/volumes.ts";

/** Gives the agent package (`.tar.gz`), for images that have it baked in. */
export type AgentPackage = () => Promise<{ readonly content: Buffer }>;

/**
 * Lays a container's file system in `root` as it is at the start: a restart begins afresh except for emptyDir volumes.
 * @throws when an image with a baked agent is started and there is no package.
 */
export async function layRootFolder(root: string, start: ContainerStart, agentPackage?: AgentPackage): Promise<void> {
  const kept = `${root}.kept`;
  const emptyDirs = start.volumes.filter(({ kind }) => kind === "emptyDir");
  await mkdir(kept, { recursive: true });
  await mkdir(root, { recursive: true });
  for (const [index, { mountPath }] of emptyDirs.entries()) await move(root + mountPath, join(kept, String(index)));
  await rm(root, { recursive: true, force: true });
  for (const folder of ["azp", "home", "tmp"]) await mkdir(join(root, folder), { recursive: true });
  for (const volume of start.volumes) await mount(root, volume);
  for (const [index, { mountPath }] of emptyDirs.entries()) await move(join(kept, String(index)), root + mountPath);
  await rm(kept, { recursive: true });
  if (!start.image.agentBaked) return;
  await unpackAgent(join(root, "azp", "agent"), agentPackage);
  for (const name of ["entrypoint.sh", "standalone.sh"]) await cp(join(agentImage, name), join(root, "azp", name));
}

/** What the Dockerfile there makes is what an image with a baked agent is. */
const agentImage = fileURLToPath(new URL("../../../agent-image", import.meta.url));

async function mount(root: string, { mountPath, files, share }: ContainerVolume): Promise<void> {
  if (share !== undefined) {
    // The folder of the share itself, so that other containers see at once what is written; read-only is not kept here.
    const place = sharePlace(dirname(root), share);
    await mkdir(place, { recursive: true });
    await mkdir(dirname(root + mountPath), { recursive: true });
    await symlink(place, root + mountPath);
    return;
  }
  await mkdir(root + mountPath, { recursive: true });
  for (const [name, content] of Object.entries(files)) {
    // Secrets lie on a tmpfs whose files belong to root and cannot be changed.
    await writeFile(join(root + mountPath, name), content, { mode: 0o444 });
  }
}

async function move(from: string, to: string): Promise<void> {
  const exists = await readdir(from).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  await mkdir(dirname(to), { recursive: true });
  await rm(to, { recursive: true, force: true });
  await rename(from, to);
}

async function unpackAgent(folder: string, agentPackage: AgentPackage | undefined): Promise<void> {
  if (agentPackage === undefined) throw new Error("No agent package is known to bake into an image.");
  await mkdir(folder, { recursive: true });
  const { content } = await agentPackage();
  await pipeline(Readable.from([content]), x({ cwd: folder }));
}
