// The manifest and the configuration of an image.
import { createHash } from "node:crypto";
import type { SimImage } from "../containers/container-engine.ts";

export const manifestType = "application/vnd.docker.distribution.manifest.v2+json";

export interface Content {
  /** `sha256:…` of the bytes: another name for them. */
  readonly digest: string;
  readonly bytes: Buffer;
}

/** What a client reads of an image before it pulls: its manifest, and the configuration that this points to. */
export interface ImageContents {
  readonly manifest: Content;
  readonly config: Content;
}

export function contentsOf(image: SimImage): ImageContents {
  const { architecture = "amd64", environment, command, reference } = image;
  const Env = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const config = content({
    architecture,
    os: "linux",
    config: { Env, ...(command && { Entrypoint: command }), Labels: { reference } },
    rootfs: { type: "layers", diff_ids: [] },
  });
  const manifest = content({
    schemaVersion: 2,
    mediaType: manifestType,
    config: {
      mediaType: "application/vnd.docker.container.image.v1+json",
      size: config.bytes.length,
      digest: config.digest,
    },
    layers: [],
  });
  return { manifest, config };
}

function content(value: object): Content {
  const bytes = Buffer.from(JSON.stringify(value));
  return { bytes, digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}` };
}
