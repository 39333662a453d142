import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { layVolumes } from "../../../simulator/containers/podman/volumes.ts";

describe("a file share in real containers", () => {
  it("is one folder for all groups that mount it, and read-only where the group says so", async () => {
    const folder = await mkdtemp(join(tmpdir(), "share-test-"));
    const volume = { mountPath: "/mnt/cache", kind: "azureFile", files: {}, share: "shopdata/cache" } as const;
    const mounts = [
      await layVolumes(join(folder, "one"), [{ ...volume, readOnly: false }]),
      await layVolumes(join(folder, "two"), [{ ...volume, readOnly: true }]),
    ];
    const place = join(folder, "file-shares", "shopdata_cache");
    assert.deepEqual(mounts, [
      ["--volume", `${place}:/mnt/cache:rw`],
      ["--volume", `${place}:/mnt/cache:ro`],
    ]);
    assert.deepEqual(await readdir(place), []);
    await rm(folder, { recursive: true });
  });
});
