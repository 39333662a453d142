// Starts the storage emulator when a pipeline file needs it.
import type { Simulator } from "../../../simulator/start-simulator.ts";

/**
 * Starts the storage server of the private account when the file names the account, so that nothing waits for it later.
 * @param say told of what takes time
 */
export async function prepareStorage(
  { storageAccount }: Pick<Simulator, "storageAccount">,
  yaml: string,
  say: (line: string) => void,
): Promise<void> {
  if (new RegExp(`\\b${storageAccount.name}\\b`).test(yaml)) await storageAccount.start(say);
}

/** What is in the private account now, one line a blob: asked of the storage server itself, past every network. */
export async function storedBlobs({ storageAccount }: Pick<Simulator, "storageAccount">): Promise<string[]> {
  if (!storageAccount.started) return [];
  const { name, containers } = storageAccount;
  const lines = containers.map(async (container) => {
    const blobs = [...(await storageAccount.blobs(container))];
    const found = blobs.map(([blob, content]) => `has ${blob} (${content.length} bytes)`);
    return (found.length > 0 ? found : ["is empty"]).map(
      (each) => `private storage account ${name}: container ${container} ${each}`,
    );
  });
  return (await Promise.all(lines)).flat();
}
