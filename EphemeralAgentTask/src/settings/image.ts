// Reads the image and the access to its registry.
import type { RegistryAccess } from "../ports/connections.ts";
import type { Reader } from "./input-reader.ts";

/** As registries take it: no empty part, at most two underscores in a row. */
const part = "[a-z0-9]+(?:(?:\\.|_{1,2}|-+)[a-z0-9]+)*";
const reference = new RegExp(
  `^(?:[A-Za-z0-9][A-Za-z0-9.-]*(?::\\d{1,5})?/)?(?:${part}/)*${part}(?::\\w[\\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`,
);
const longest = 255;

/** The part before the first slash is a registry when it looks like a host, as container engines read it. */
export function registryOf(image: string): string | undefined {
  const [first, ...rest] = image.split("/");
  return rest.length > 0 && first !== undefined && (/[.:]/.test(first) || first === "localhost")
    ? first.toLowerCase()
    : undefined;
}

/** The names that Docker Hub goes by. An image of it needs none. */
const hub = /^((index|registry-1)\.)?docker\.io$|^(registry\.)?hub\.docker\.com$/;

/** An Azure Container Registry has an endpoint for each region besides its own name (`.westeurope.geo`). */
const global = (server: string) => server.replace(/\.[a-z0-9]+\.geo(\.azurecr\.[a-z]+)$/, "$1");

const sameRegistry = (one: string, other: string) =>
  global(one) === global(other) || (hub.test(one) && hub.test(other));

/** The registry by the name that the image has: Azure matches a credential to an image by that. */
export function atEndpointOf<Access extends RegistryAccess>(image: string, registry: Access): Access {
  const server = registryOf(image);
  return server !== undefined && global(server) === global(registry.server) ? { ...registry, server } : registry;
}

/** The full image reference. A name without a registry is looked for in the connection's. */
export function imageReference(reader: Reader, registry: RegistryAccess | undefined): string {
  const name = reader.required("imageName", "an image, such as contoso.azurecr.io/azure-pipelines-agent:latest,");
  if (name.length > longest) {
    reader.wrong("imageName", name, `up to ${longest} characters are allowed`);
    return name;
  }
  reader.matching(
    "imageName",
    reference,
    "allowed: [registry/]repository[:tag][@sha256:digest], the repository in lowercase",
    name,
  );
  const server = registryOf(name);
  if (registry === undefined) return name;
  if (server === undefined) return hub.test(registry.server) ? name : `${registry.server}/${name}`;
  if (registry.server !== "" && !sameRegistry(server, registry.server)) {
    reader.wrong(
      "imageName",
      name,
      `containerRegistry is a connection to ${registry.server}; it gives no access to ${reader.shown("imageName", server)}`,
    );
  }
  return name;
}
