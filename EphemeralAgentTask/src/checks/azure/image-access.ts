// Checks that the image can be pulled, by reading its manifest as a pull would.

import type { RegistryAccess } from "../../ports/connections.ts";
import type { ServiceFault } from "../../ports.ts";
import { failed, faulty, type Look } from "../check-context.ts";
import type { ManifestAnswer } from "../check-ports.ts";
import { type Found, notChecked, ok, wrong } from "../finding.ts";

const subject = "image";

/** The registry in an image's name; without one it is Docker Hub, as container engines read it. */
function registryOf(image: string): string {
  const [first = "", ...rest] = image.split("/");
  return rest.length > 0 && /[.:]|^localhost$/.test(first) ? first : "docker.io";
}

/**
 * Name of the Azure Container Registry, if it is one: `contoso` of `contoso.azurecr.io`, of `contoso-a1b2c3d4.azurecr.io` (with
 * the hash of a domain name label scope) and of `contoso.westeurope.geo.azurecr.io` (the endpoint of one region).
 */
const acrOf = (image: string) =>
  /^([a-z0-9]+)(?:-[a-z0-9]+)?(?:\.[a-z0-9]+\.(?:geo|data))?\.azurecr\.[a-z]+$/i.exec(registryOf(image))?.[1];

/** A command for an Azure Container Registry, after words that hold for every registry. */
const withAcr = (words: string, image: string, command: (name: string) => string) => {
  const name = acrOf(image);
  return name === undefined ? `${words}.` : `${words}: ${command(name)}`;
};

/** The image is pulled with an identity of the container group, which this machine cannot use. */
function fromAzureOnly(image: string, identityId: string): Found {
  const identity = identityId.split("/").at(-1);
  return notChecked(subject, `${image}: only the identity ${identity} can pull it; it needs the role AcrPull`);
}

function unreachable(image: string, fault: ServiceFault): Found {
  return wrong(subject, {
    found: `registry ${registryOf(image)} does not answer`,
    cause: fault.message,
    fix: "Check imageName. An Azure Container Registry behind a private endpoint is pulled from by registryIdentity.",
  });
}

function refused(image: string, access: RegistryAccess | undefined, said: string): Found {
  const renew =
    "Project settings > Service connections: renew the credential of the registry connection, and see that it may pull";
  const grant = (name: string) =>
    `az role assignment create --assignee APP_ID --role AcrPull --scope "$(az acr show --name ${name} --query id --output tsv)"`;
  return wrong(subject, {
    found: access === undefined ? `${image} is not public` : `${image} is refused to containerRegistry`,
    cause: said,
    fix:
      access === undefined
        ? "Name a registry connection in containerRegistry, or an identity in registryIdentity."
        : withAcr(renew, image, grant),
  });
}

function missing(image: string, said: string): Found {
  const [repository = "", tag] = image
    .replace(/@.*$/, "")
    .replace(`${registryOf(image)}/`, "")
    .split(":");
  const show = (name: string) => `az acr repository show-tags --name ${name} --repository ${repository}`;
  return wrong(subject, {
    found: `${image} does not exist`,
    cause: said,
    fix: withAcr(`Check imageName${tag ? ` and its tag ${tag}` : ""}`, image, show),
  });
}

/** @param answer what the registry said, or the fault of not saying anything */
function judgeImage(image: string, access: RegistryAccess | undefined, answer: ManifestAnswer | ServiceFault): Found {
  const identity = access?.kind === "identity" ? access.identityId : undefined;
  if (failed(answer)) {
    if (answer.kind !== "silence") return faulty(subject, answer);
    return identity === undefined ? unreachable(image, answer) : fromAzureOnly(image, identity);
  }
  switch (answer.kind) {
    case "found":
      return ok(subject, `${image} (${answer.digest.slice(0, 19)})`);
    case "missing":
      return missing(image, answer.said);
    case "walled":
      if (identity !== undefined) return fromAzureOnly(image, identity);
      return wrong(subject, {
        found: `registry ${registryOf(image)} lets nobody in from here`,
        cause: answer.said,
        fix: "Name a user-assigned identity with the role AcrPull in registryIdentity: nothing else pulls through a private endpoint.",
      });
    case "refused":
      if (identity !== undefined) return fromAzureOnly(image, identity);
      return refused(image, access, answer.said);
  }
}

export async function checkImage({ registry, settings, read }: Look): Promise<Found> {
  const { image, registry: access } = settings;
  return judgeImage(image, access, await read("manifest", () => registry.manifest(image, access)));
}
