// Lays out the volumes of a real container.
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ContainerVolume } from "../container-engine.ts";

/**
 * Lays a container's volumes in a folder of this machine, as they are at its start: secrets afresh, an emptyDir as the
 * container left it.
 * @returns the arguments that mount them
 */
export async function layVolumes(folder: string, volumes: readonly ContainerVolume[]): Promise<string[]> {
  const mounts = volumes.map(async ({ kind, mountPath, readOnly, files, share }, index) => {
    const own = kind === "configMap" ? configMapPlace(folder, mountPath) : join(folder, `${kind}-${index}`);
    const place = share === undefined ? own : sharePlace(dirname(folder), share);
    if (kind === "secret" || kind === "configMap") await laySecret(place, files);
    else await layEmptyDir(place);
    // Whatever the group asks for, nobody changes a secret in place: the stricter reading, and Kubernetes' own.
    // A config map is for the service alone to change as well.
    const mode = readOnly || kind === "secret" ? "ro" : "rw";
    return ["--volume", `${place}:${mountPath}:${mode}`];
  });
  return (await Promise.all(mounts)).flat();
}

async function laySecret(place: string, files: ContainerVolume["files"]): Promise<void> {
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true, mode: 0o755 });
  for (const [name, content] of Object.entries(files)) await writeFile(join(place, name), content, { mode: 0o644 });
}

/** Where a file share lies: beside the folders of the groups, for all that mount it. */
export const sharePlace = (folder: string, share: string): string =>
  join(folder, "file-shares", share.replace(/[^\w.-]/g, "_"));

/** Where a config map lies, whose files change while the container runs. */
export const configMapPlace = (folder: string, mountPath: string): string =>
  join(folder, `config-map-${mountPath.replace(/[^\w.-]/g, "_")}`);

/** Everybody in the container may write there. */
async function layEmptyDir(place: string): Promise<void> {
  const created = await mkdir(place, { recursive: true });
  if (created !== undefined) await chmod(place, 0o777);
}
