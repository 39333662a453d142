// A container registry: its images, its accounts and its routes.
import type { SimImage } from "../containers/container-engine.ts";
import type { Site } from "../http/https-site.ts";
import { serveContent } from "./content-routes.ts";
import { Images } from "./image-store.ts";
import { Accounts, type AzureRegistry, type Known, type RegistryAccount } from "./registry-accounts.ts";
import { deniedByFirewall } from "./registry-error.ts";
import { AccessTokens, serveTokens } from "./token-routes.ts";

export type { RegistryAccount } from "./registry-accounts.ts";

/** Switches of a registry, asked whenever they matter: somebody may turn them while it is used. */
export interface RegistrySwitches {
  /** False when it has a private endpoint and nothing else. */
  readonly publicNetworkAccess: boolean;
  /** The policy `azureADAuthenticationAsArmPolicy`. */
  readonly takesArmTokens: boolean;
}

interface RegistryOptions {
  /** Any of them may pull everything. */
  readonly accounts: readonly RegistryAccount[];
  /** Left out for a registry that is not Azure's. */
  readonly azure?: AzureRegistry & { readonly armAudience: string };
  readonly switches?: () => RegistrySwitches;
}

/** Who pulls for a container group: nobody in particular, an account, or a managed identity by its object id. */
type Puller = RegistryAccount | { readonly objectId: string } | undefined;

/** A simulated container registry and what it holds. */
export interface Registry {
  /** `localhost:PORT`: what `docker login` and an image reference call it. */
  readonly server: string;
  add(image: SimImage): void;
  /** The digest of an image, `sha256:…`. @throws when there is none. */
  digest(reference: string): string;
  /**
   * What a pull by Azure gives; nothing when the image does not exist or the registry refuses. A managed identity comes
   * through the private endpoint as a trusted service; names and passwords come from outside.
   */
  pull(reference: string, by?: Puller): SimImage | undefined;
  /** Whether a puller may pull, so that an image which it does not get does not exist. */
  admits(by: NonNullable<Puller>): boolean;
}

const open: RegistrySwitches = { publicNetworkAccess: true, takesArmTokens: true };

/** Serves an empty registry on the site. */
export function createRegistry(site: Site, options: RegistryOptions): Registry {
  const { azure, switches = () => open } = options;
  const server = new URL(site.origin).host;
  const images = new Images();
  const accounts = new Accounts(options.accounts, azure);
  const tokens = new AccessTokens();
  const guarded: Site = {
    ...site,
    // A firewall comes before everything else, the exchange of tokens included.
    route: (method, template, handler) =>
      site.route(method, template, (request) =>
        switches().publicNetworkAccess ? handler(request) : deniedByFirewall(),
      ),
  };
  const isPublic = (repository: string): boolean =>
    images.of(`${server}/${repository}`).some(({ image }) => image.pullable === "anonymous");
  const takesArmTokens = (): boolean => switches().takesArmTokens;
  serveTokens(
    guarded,
    { server, accounts, azure, armAudience: azure?.armAudience ?? "", takesArmTokens, isPublic },
    tokens,
  );
  serveContent(guarded, { server, images, accounts, tokens });

  const knownAs = (by: NonNullable<Puller>): Known | undefined => ("objectId" in by ? by : accounts.known(by));
  const admits = (by: NonNullable<Puller>): boolean => {
    const known = knownAs(by);
    return known !== undefined && accounts.mayPull(known);
  };

  return {
    server,
    add: (image) => images.add(image),
    digest(reference) {
      const found = images.find(reference);
      if (found === undefined) throw new Error(`The registry has no image ${reference}.`);
      return found.contents.manifest.digest;
    },
    pull(reference, by) {
      const fromOutside = by === undefined || !("objectId" in by);
      if (fromOutside && !switches().publicNetworkAccess) return undefined;
      const image = images.find(reference)?.image;
      if (by === undefined) return image?.pullable === "anonymous" ? image : undefined;
      // A registry refuses a wrong password even for what it would give to anybody.
      return admits(by) ? image : undefined;
    },
    admits,
  };
}
