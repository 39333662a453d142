// Splits an image reference into registry, repository and tag.

/** Where an image is looked for. */
interface ImageParts {
  /** Host of the registry, as its API is reached. */
  readonly server: string;
  readonly repository: string;
  /** A digest, or else a tag. */
  readonly version: string;
}

/** Docker Hub's API is not at the name that images have. */
const hub = { name: "docker.io", server: "registry-1.docker.io" };

/** @param image `[registry/]repository[:tag][@digest]`, as container engines read it */
export function imageParts(image: string): ImageParts {
  const [reference = "", digest] = image.split("@");
  const slash = reference.indexOf("/");
  const first = reference.slice(0, Math.max(0, slash));
  const named = /[.:]/.test(first) || first === "localhost";
  const server = named ? first.toLowerCase() : hub.name;
  const path = named ? reference.slice(slash + 1) : reference;
  const [name = "", tag = "latest"] = path.split(":");
  const official = server === hub.name && !name.includes("/");
  return {
    server: server === hub.name ? hub.server : server,
    repository: official ? `library/${name}` : name,
    version: digest ?? tag,
  };
}
