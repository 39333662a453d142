// Splits an image reference into its parts.

/** The parts of `registry/repository:tag`, as `docker pull` reads them. */
interface ImageReference {
  readonly registry: string;
  readonly repository: string;
  /** A tag, or a digest with its algorithm (`sha256:…`). */
  readonly version: string;
}

const dockerHub = "docker.io";
const repositoryPattern = /^[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const digestPattern = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[0-9a-fA-F]{32,}$/;
const registryPattern = /^[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d{1,5})?$/;

/** Returns nothing for what no registry could hold: a scheme, capitals in the repository, blanks, an empty tag. */
export function parseImageReference(text: string): ImageReference | undefined {
  const [name, digest, extra] = text.split("@");
  if (name === undefined || extra !== undefined) return undefined;
  if (digest !== undefined && !digestPattern.test(digest)) return undefined;
  const lastSlash = name.lastIndexOf("/");
  const colon = name.indexOf(":", lastSlash + 1);
  const path = colon === -1 ? name : name.slice(0, colon);
  const tag = colon === -1 ? "latest" : name.slice(colon + 1);
  if (!tagPattern.test(tag)) return undefined;
  const [registry, repository] = split(path);
  if (!registryPattern.test(registry) || !repositoryPattern.test(repository)) return undefined;
  return { registry: registry.toLowerCase(), repository, version: digest ?? tag };
}

/** A first part with a dot or a port is a registry; without one the image is on Docker Hub. */
function split(path: string): [registry: string, repository: string] {
  const slash = path.indexOf("/");
  const first = path.slice(0, Math.max(slash, 0));
  if (/[.:]/.test(first) || first === "localhost") return [first, path.slice(slash + 1)];
  return [dockerHub, slash === -1 ? `library/${path}` : path];
}
