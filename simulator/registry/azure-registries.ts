// Opens the simulator's registries and fills them with images.
import type { Access } from "../arm/authorization/permission-check.ts";
import { type JsonObject, objectOf } from "../arm/json-body.ts";
import type { Entra } from "../entra/entra-site.ts";
import type { Sites } from "../http/https-sites.ts";
import { addFirstImages, agentImage, type FirstImages } from "./initial-images.ts";
import type { RegistryAccount } from "./registry-accounts.ts";
import { createRegistry, type Registry, type RegistrySwitches } from "./registry-site.ts";

interface RegistriesSetting {
  readonly sites: Sites;
  readonly entra: Entra;
  readonly access: Access;
  readonly armAudience: string;
  /** Id of the resource group that both are in. */
  readonly resourceGroupId: string;
  readonly accounts: readonly RegistryAccount[];
  /** One more, whose resource somebody is going to make: it holds the image already. */
  readonly another?: { readonly groupId: string; readonly name: string };
  /** Properties of a resource as they are now, for switches that somebody turns there. */
  properties(id: string): JsonObject;
}

export interface AzureRegistries {
  /** Anybody reaches it; some of its images need no credentials. */
  readonly registry: Registry & FirstImages;
  /** Has a private endpoint only: what is pulled from it is pulled by a managed identity. */
  readonly privateRegistry: Registry & { readonly image: string };
  /** By the names of their resources. */
  readonly byName: ReadonlyMap<string, Registry>;
}

export const registryNames = { open: "contosoagents", behindEndpoint: "contosoprivate" } as const;

/** Opens the sites `registry` and `registry-private` and fills them with the images a simulator begins with. */
export async function openRegistries(setting: RegistriesSetting): Promise<AzureRegistries> {
  const open = async (site: string, name: string, groupId = setting.resourceGroupId): Promise<Registry> => {
    const resourceId = registryId(groupId, name);
    const { entra, access, armAudience, accounts } = setting;
    return createRegistry(await setting.sites.open(site), {
      accounts,
      azure: { entra, access, resourceId, armAudience },
      switches: () => switchesOf(setting.properties(resourceId)),
    });
  };
  const [registry, behind] = await Promise.all([
    open("registry", registryNames.open),
    open("registry-private", registryNames.behindEndpoint),
  ]);
  const image = `${behind.server}/azure-pipelines-agent:latest`;
  behind.add(agentImage(image, { pullable: "with-credentials" }));
  const { another } = setting;
  const more = another && (await open("registry-of-set-up", another.name, another.groupId));
  more?.add(agentImage(`${more.server}/azure-pipelines-agent:latest`, { pullable: "with-credentials" }));
  return {
    registry: Object.assign(registry, addFirstImages(registry)),
    privateRegistry: Object.assign(behind, { image }),
    byName: new Map<string, Registry>([
      [registryNames.open, registry],
      [registryNames.behindEndpoint, behind],
      ...(another && more ? [[another.name, more] as const] : []),
    ]),
  };
}

export function registryId(resourceGroupId: string, name: string): string {
  return `${resourceGroupId}/providers/Microsoft.ContainerRegistry/registries/${name}`;
}

function switchesOf(properties: JsonObject): RegistrySwitches {
  const { azureADAuthenticationAsArmPolicy } = objectOf(properties.policies);
  return {
    publicNetworkAccess: properties.publicNetworkAccess !== "Disabled",
    takesArmTokens: objectOf(azureADAuthenticationAsArmPolicy).status !== "disabled",
  };
}
