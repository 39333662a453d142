// The routes of manifests and blobs.
import type { SimRequest, SimResponse, Site } from "../http/https-site.ts";
import type { Images } from "./image-store.ts";
import { type Content, manifestType } from "./manifest.ts";
import type { Accounts } from "./registry-accounts.ts";
import { challenge, notSimulated, refused } from "./registry-error.ts";
import { type AccessTokens, basicAccount } from "./token-routes.ts";

interface ContentSetting {
  readonly server: string;
  readonly images: Images;
  readonly accounts: Accounts;
  readonly tokens: AccessTokens;
}

const version = { "docker-distribution-api-version": "registry/2.0" };

/** What `docker pull` reads: manifests and configurations, each after a challenge, public ones too. */
export function serveContent(site: Site, { server, images, accounts, tokens }: ContentSetting): void {
  site.route("GET", "/v2", (request) => {
    const account = basicAccount(request);
    const known = account === undefined ? tokens.opens(bearer(request)) : accounts.known(account);
    return known === undefined ? challenge(server) : { status: 200, headers: version, body: {} };
  });
  for (const method of ["GET", "HEAD"]) {
    site.route(method, "/v2/:path*", (request) => {
      const path = /^(.+)\/(manifests|blobs)\/([^/]+)$/.exec(request.params.path ?? "");
      if (path === null) return notSimulated(request);
      const [, repository = "", kind, name = ""] = path;
      if (!mayRead(request, repository)) return challenge(server, `repository:${repository}:pull`);
      return kind === "manifests" ? manifest(repository, name, method) : blob(repository, name, method);
    });
  }

  function mayRead(request: SimRequest, repository: string): boolean {
    const account = basicAccount(request);
    if (account === undefined) return tokens.opens(bearer(request))?.includes(repository) ?? false;
    const known = accounts.known(account);
    return known !== undefined && accounts.mayPull(known);
  }

  function manifest(repository: string, name: string, method: string): SimResponse {
    const separator = name.includes(":") ? "@" : ":";
    const found = images.find(`${server}/${repository}${separator}${name}`);
    if (found !== undefined) return contentOf(found.contents.manifest, manifestType, method);
    const known = images.of(`${server}/${repository}`).length > 0;
    if (!known) return refused(404, "NAME_UNKNOWN", `repository "${repository}" is not found`);
    return refused(404, "MANIFEST_UNKNOWN", `manifest tagged by "${name}" is not found`);
  }

  function blob(repository: string, digest: string, method: string): SimResponse {
    const found = images.of(`${server}/${repository}`).find(({ contents }) => contents.config.digest === digest);
    if (found === undefined) return refused(404, "BLOB_UNKNOWN", "blob unknown to registry");
    return contentOf(found.contents.config, "application/octet-stream", method);
  }
}

function contentOf({ digest, bytes }: Content, type: string, method: string): SimResponse {
  const headers = { ...version, "content-type": type, "docker-content-digest": digest, etag: `"${digest}"` };
  if (method === "HEAD") return { status: 200, headers: { ...headers, "content-length": String(bytes.length) } };
  return { status: 200, headers, body: bytes };
}

const bearer = ({ headers }: SimRequest): string => /^Bearer (.+)$/i.exec(headers.authorization ?? "")?.[1] ?? "";
