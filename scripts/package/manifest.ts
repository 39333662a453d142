// The extension's manifest for a publisher, a repository and a version.
import type { PackageOptions } from "./options.ts";
import { pageOf } from "./repository.ts";

export interface Manifest {
  readonly id: string;
  readonly publisher: string;
  readonly version: string;
  readonly name: string;
  readonly files: readonly { readonly path: string }[];
  readonly screenshots: readonly { readonly path: string }[];
  readonly content: Readonly<Record<string, { readonly path: string }>>;
}

/** The extension's page in the Marketplace. */
export const itemPage = ({ publisher, id }: Pick<Manifest, "publisher" | "id">): string =>
  `https://marketplace.visualstudio.com/items?itemName=${publisher}.${id}`;

/** Public: whoever has the repository finds it, gets help and reports there. */
function ofRepository(repository: string): object {
  const links = {
    getstarted: { uri: pageOf(repository, "docs/set-up-guide.md") },
    learn: { uri: pageOf(repository, "docs/README.md") },
    license: { uri: pageOf(repository, "LICENSE") },
    support: { uri: pageOf(repository, "README.md#support-and-versions") },
  };
  // Only GitHub has its issues at a known address; for others the Marketplace asks and answers itself.
  if (new URL(repository).hostname !== "github.com")
    return { links: { ...links, repository: { uri: repository } }, CustomerQnASupport: { enableMarketplaceQnA: true } };
  const issues = `${repository}/issues`;
  return {
    repository: { type: "git", uri: repository },
    links: { ...links, issues: { uri: issues } },
    CustomerQnASupport: { enableMarketplaceQnA: true, url: issues },
  };
}

function badges({ publisher, id }: Manifest): object[] {
  const shields = "https://img.shields.io/visual-studio-marketplace";
  const href = itemPage({ publisher, id });
  return [
    { href, uri: `${shields}/v/${publisher}.${id}`, description: "Version in the Marketplace" },
    {
      href,
      uri: `${shields}/azure-devops/installs/total/${publisher}.${id}`,
      description: "Organizations that have installed it",
    },
  ];
}

/**
 * The manifest as it goes into the package. A preview has an id of its own, so that it never takes the place of what
 * everybody has installed; it is private.
 */
export function manifestFor<M extends Manifest>(manifest: M, options: PackageOptions): M {
  const { publisher = manifest.publisher, repository, version = manifest.version, preview } = options;
  const named = preview ? { id: `${manifest.id}-preview`, name: `${manifest.name} (preview)` } : {};
  const shown = preview ? { public: false, galleryFlags: ["Preview"] } : { public: true };
  const made = { ...manifest, publisher, version, ...named, ...shown };
  return {
    ...made,
    ...(repository === undefined ? {} : ofRepository(repository)),
    ...(preview ? {} : { badges: badges(made) }),
  };
}
