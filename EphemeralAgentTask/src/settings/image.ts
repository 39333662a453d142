import type { RegistryAccess } from "../settings.ts";
import type { Reader } from "./reader.ts";

const reference = /^([\w.-]+(:\d+)?\/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/** The part before the first slash is a registry when it looks like a host, as container engines read it. */
function registryOf(image: string): string | undefined {
  const [first, ...rest] = image.split("/");
  return rest.length > 0 && first !== undefined && (/[.:]/.test(first) || first === "localhost")
    ? first.toLowerCase()
    : undefined;
}

/** The full image reference. A name without a registry is looked for in the connection's. */
export function imageReference(reader: Reader, registry: RegistryAccess | undefined): string {
  const name = reader.required("imageName", "an image, such as contoso.azurecr.io/azure-pipelines-agent:latest,");
  reader.matching(
    "imageName",
    reference,
    "allowed: [registry/]repository[:tag][@sha256:digest], the repository in lowercase",
    name,
  );
  const server = registryOf(name);
  if (registry === undefined) return name;
  if (server === undefined) return `${registry.server}/${name}`;
  if (server !== registry.server) {
    reader.wrong(
      "imageName",
      name,
      `containerRegistry is a connection to ${registry.server}; it gives no access to ${server}`,
    );
  }
  return name;
}
