// The images of a registry.
import type { SimImage } from "../containers/container-engine.ts";
import { parseImageReference } from "./image-reference.ts";
import { contentsOf, type ImageContents } from "./manifest.ts";

interface StoredImage {
  readonly image: SimImage;
  readonly contents: ImageContents;
}

/** The images of a registry, found by tag or digest. */
export class Images {
  readonly #images = new Map<string, StoredImage>();

  add(image: SimImage): void {
    const parsed = parseImageReference(image.reference);
    if (parsed === undefined) throw new Error(`${image.reference} is no image reference.`);
    const stored = { image, contents: contentsOf(image) };
    const repository = `${parsed.registry}/${parsed.repository}`;
    this.#images.set(`${repository}:${parsed.version}`, stored);
    this.#images.set(`${repository}:${stored.contents.manifest.digest}`, stored);
  }

  find(reference: string): StoredImage | undefined {
    const parsed = parseImageReference(reference);
    return parsed && this.#images.get(`${parsed.registry}/${parsed.repository}:${parsed.version}`);
  }

  /** All images of a repository, `registry/repository`. */
  of(repository: string): StoredImage[] {
    return [...this.#images].filter(([key]) => key.startsWith(`${repository}:`)).map(([, stored]) => stored);
  }
}
