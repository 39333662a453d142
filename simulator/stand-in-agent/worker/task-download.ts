// Downloads a task from the organization and unpacks it.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import JSZip from "jszip";
import type { TaskReference } from "../../job-execution/job/job-message.ts";
import type { Server } from "../client/organization-client.ts";

/**
 * Lays a task out in a folder: its package as the service has it under this id and version.
 * @throws ServerError when the service has none; Error when the package is no zip, or has a file outside of its folder.
 */
export async function downloadTask(server: Server, { id, version }: TaskReference, folder: string): Promise<void> {
  const values = { taskId: id, versionString: version };
  const zip = await JSZip.loadAsync(await server.download("tasks", values, "application/zip"));
  for (const file of Object.values(zip.files)) {
    if (file.dir) continue;
    const path = normalize(join(folder, file.name));
    if (!path.startsWith(join(folder, "/"))) throw new Error(`The package of the task ${id} has a file outside of it.`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await file.async("nodebuffer"));
  }
}
