import type { SimImage } from "../containers/engine.ts";
import type { SimRequest, SimResponse, Site } from "../http/site.ts";
import { parseImageReference } from "./image-reference.ts";

export interface RegistryAccount {
  readonly username: string;
  readonly password: string;
}

/** The simulated container registry and what it holds. */
export interface Registry {
  /** `localhost:PORT`: what `docker login` and an image reference call it. */
  readonly server: string;
  /** Pulled without credentials; its agent comes from the task. */
  readonly image: string;
  /** Pulled without credentials; has the agent unpacked at `/azp/agent`. */
  readonly bakedImage: string;
  /** The same as `image`, for whoever has an account. */
  readonly privateImage: string;
  add(image: SimImage): void;
  /** What a pull of the reference gives; nothing when it does not exist or the registry refuses. */
  pull(reference: string, account?: RegistryAccount): SimImage | undefined;
}

const samplesImage = "contoso.azurecr.io/azure-pipelines-agent:latest";

// Where a container's agent lives and what it keeps over a restart; the engine knows where these really are.
const environment = { EPHEMERAL_AGENT_ROOT: "/azp", EPHEMERAL_STATE: "/mnt/ephemeral-state" };
// Without a terminal a shell ends at once, as the entrypoint of a plain base image does.
const command = ["/bin/bash"];

/** Serves a registry with its first images on the site. Any of the accounts may pull everything. */
export function createRegistry(site: Site, accounts: readonly RegistryAccount[]): Registry {
  const server = new URL(site.origin).host;
  const images = new Map<string, SimImage>();
  const add = (image: SimImage): void => void images.set(key(image.reference) ?? image.reference, image);
  const known = (account: RegistryAccount): boolean =>
    accounts.some(({ username, password }) => username === account.username && password === account.password);

  const registry: Registry = {
    server,
    image: `${server}/azure-pipelines-agent:latest`,
    bakedImage: `${server}/azure-pipelines-agent:baked`,
    privateImage: `${server}/private/azure-pipelines-agent:latest`,
    add,
    pull(reference, account) {
      // A registry refuses a wrong password even for what it would give to anybody.
      if (account !== undefined && !known(account)) return undefined;
      const image = images.get(key(reference) ?? "");
      return image?.pullable === "with-credentials" && account === undefined ? undefined : image;
    },
  };
  add({ reference: registry.image, pullable: "anonymous", agentBaked: false, environment, command });
  add({ reference: registry.bakedImage, pullable: "anonymous", agentBaked: true, environment, command });
  // The samples call their registry as a real one is called: it stands for this one.
  add({ reference: samplesImage, pullable: "anonymous", agentBaked: false, environment, command });
  add({ reference: registry.privateImage, pullable: "with-credentials", agentBaked: false, environment, command });

  site.route("GET", "/v2", (request) => {
    const account = basicAccount(request);
    return account !== undefined && known(account) ? { status: 200, body: {} } : challenge(server);
  });
  for (const method of ["GET", "HEAD"]) {
    site.route(method, "/v2/:path*", (request) => {
      const [, repository, version] = /^(.+)\/manifests\/([^/]+)$/.exec(request.params.path ?? "") ?? [];
      if (repository === undefined || version === undefined) return notSimulated(request);
      const account = basicAccount(request);
      if (account !== undefined && !known(account)) return challenge(server);
      if (registry.pull(`${server}/${repository}:${version}`, account) !== undefined) return manifest(method);
      return account === undefined ? challenge(server) : unknownManifest(repository, version);
    });
  }
  return registry;
}

function key(reference: string): string | undefined {
  const parsed = parseImageReference(reference);
  return parsed && `${parsed.registry}/${parsed.repository}:${parsed.version}`;
}

function basicAccount({ headers }: SimRequest): RegistryAccount | undefined {
  const encoded = /^Basic (.+)$/i.exec(headers.authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const [, username = "", password = ""] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, "base64").toString()) ?? [];
  return { username, password };
}

const manifestType = "application/vnd.docker.distribution.manifest.v2+json";

function manifest(method: string): SimResponse {
  const body = { schemaVersion: 2, mediaType: manifestType, config: {}, layers: [] };
  const headers = { "content-type": manifestType };
  return method === "HEAD" ? { status: 200, headers } : { status: 200, headers, body };
}

function challenge(server: string): SimResponse {
  return {
    status: 401,
    headers: { "www-authenticate": `Basic realm="https://${server}"` },
    body: { errors: [{ code: "UNAUTHORIZED", message: "authentication required" }] },
  };
}

function unknownManifest(repository: string, version: string): SimResponse {
  const message = `manifest tagged by "${version}" is not found`;
  return { status: 404, body: { errors: [{ code: "MANIFEST_UNKNOWN", message, detail: { Name: repository } }] } };
}

function notSimulated({ method, url }: SimRequest): SimResponse {
  const message = `The simulated registry has no route for ${method} ${url.pathname}.`;
  return { status: 501, body: { errors: [{ code: "UNSUPPORTED", message }] } };
}
