// A storage account without a public address: its Blob service is a real storage server, and in front of it stands what
// that server leaves out: whose token it is, and whether a role of theirs allows what they ask for.
import { randomBytes, randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Access } from "../arm/authorization/permission-check.ts";
import type { Caller } from "../entra/access-tokens.ts";
import type { Entra } from "../entra/entra-site.ts";
import type { SimRequest, SimResponse } from "../http/https-site.ts";
import type { OpenSite, Sites } from "../http/https-sites.ts";
import { Azurite, type StorageResponse } from "./azurite.ts";
import { azuriteProgram } from "./install-azurite.ts";
import { storageError } from "./storage-error.ts";

/** What every storage account takes tokens for (Azure documentation, "Authorize with Microsoft Entra ID"). */
export const storageResource = "https://storage.azure.com";

interface StorageAccountOptions {
  readonly sites: Sites;
  readonly entra: Entra;
  readonly access: Access;
  /** Where the storage server gets a folder. */
  readonly folder: string;
  /** Resource id of the account; its last part is the name. */
  readonly id: string;
  /** Containers that are there already, as `az storage container-rm create` makes them by Azure Resource Manager. */
  readonly containers: readonly string[];
}

/** `blobs/…` of a data action by the method of a request. Leases and the like need no other right. */
const rights = { GET: "read", HEAD: "read", PUT: "write", DELETE: "delete" } as const;
const apiVersion = "2023-11-03";

export class StorageAccount {
  readonly id: string;
  readonly name: string;
  /** Of its Blob service; only the virtual network with its private endpoint knows an address for it. */
  readonly host: string;
  /** Where that endpoint leads to: a port of this machine's loopback. */
  readonly port: number;
  readonly containers: readonly string[];
  readonly #options: StorageAccountOptions;
  #server: Promise<Azurite> | undefined;

  private constructor(site: OpenSite, options: StorageAccountOptions) {
    this.#options = options;
    this.id = options.id;
    this.name = options.id.split("/").at(-1) ?? "";
    this.host = `${this.name}.blob.core.windows.net`;
    this.port = Number(new URL(site.origin).port);
    this.containers = options.containers;
    for (const [method, right] of Object.entries(rights)) {
      site.route(method, "/:container/:blob*", (request) => this.#answer(request, right));
    }
    // To list what is in a container.
    site.route("GET", "/:container", (request) => this.#answer(request, "read"));
  }

  /** Opens the site `storage`. The storage server itself is started when something is asked of it. */
  static async open(options: StorageAccountOptions): Promise<StorageAccount> {
    return new StorageAccount(await options.sites.openInside("storage"), options);
  }

  /** Resource id of one of its containers, as roles are assigned on it. */
  containerId(container: string): string {
    return `${this.id}/blobServices/default/containers/${container}`;
  }

  /** @returns whether anything has been asked of it. */
  get started(): boolean {
    return this.#server !== undefined;
  }

  /**
   * Starts the storage server, unless it runs.
   * @param say told when the server has to be installed first
   * @throws when it cannot be installed or does not start.
   */
  async start(say?: (line: string) => void): Promise<void> {
    await this.#running(say);
  }

  /** Content of a container's blobs by their names, asked of the storage server itself. */
  async blobs(container: string): Promise<Map<string, Buffer>> {
    const { body } = await this.#ask("GET", `/${container}?restype=container&comp=list`);
    const names = [...body.toString("utf8").matchAll(/<Blob><Name>([^<]+)<\/Name>/g)].map(([, name = ""]) => name);
    const contents = names.map(async (name): Promise<[string, Buffer]> => {
      return [name, (await this.#ask("GET", `/${container}/${encodeURI(name)}`)).body];
    });
    return new Map(await Promise.all(contents));
  }

  async close(): Promise<void> {
    await (await this.#server?.catch(() => undefined))?.close();
  }

  #running(say?: (line: string) => void): Promise<Azurite> {
    this.#server ??= this.#startServer(say).catch((error: unknown) => {
      this.#server = undefined;
      throw error;
    });
    return this.#server;
  }

  async #startServer(say?: (line: string) => void): Promise<Azurite> {
    const server = await Azurite.start({
      program: await azuriteProgram(say),
      folder: join(this.#options.folder, "storage"),
      certificate: this.#options.sites.certificate,
      account: this.name,
      host: this.host,
      accountKey: randomBytes(64).toString("base64"),
    });
    try {
      for (const container of this.containers) await this.#ask("PUT", `/${container}?restype=container`, server);
      return server;
    } catch (error) {
      await server.close();
      throw error;
    }
  }

  /** Asks as nobody in the tenant: the server believes every token of an issuer that it knows. */
  async #ask(method: string, path: string, server?: Azurite): Promise<StorageResponse> {
    const nobody = { appId: randomUUID(), objectId: randomUUID() };
    const { token } = await this.#options.entra.tokens.issueVersionOne(nobody, storageResource);
    const headers = { authorization: `Bearer ${token}`, "x-ms-version": apiVersion };
    const asked = server ?? (await this.#running());
    const answer = await asked.send({ method, path, headers, ...(method === "PUT" && { body: Buffer.alloc(0) }) });
    if (answer.status < 300) return answer;
    throw new Error(`The storage server answered ${method} ${path} with ${answer.status}: ${answer.body}`);
  }

  async #answer(request: SimRequest, right: string): Promise<SimResponse> {
    const { entra, access } = this.#options;
    const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    const caller = token === undefined ? undefined : await verified(entra, token);
    if (caller === undefined) return this.#unauthenticated(token !== undefined);
    request.caller = entra.directory.find(caller.appId)?.displayName ?? caller.appId;
    const action = `Microsoft.Storage/storageAccounts/blobServices/containers/blobs/${right}`;
    if (!access.allowsData(caller.objectId, action, this.containerId(request.params.container ?? ""))) {
      const message = "This request is not authorized to perform this operation using this permission.";
      return storageError(403, "AuthorizationPermissionMismatch", message);
    }
    const { method, url, headers, body } = request;
    const server = await this.#running();
    const answer = await server.send({
      ...{ method, path: url.pathname + url.search, headers },
      ...(method === "PUT" && { body }),
    });
    // The length that a HEAD tells of is the blob's.
    return { ...answer, ...(method === "HEAD" && { body: "" }) };
  }

  /** As recorded in AzureStorageExplorer issue 9050; codes by Azure documentation, "Common REST API error codes". */
  #unauthenticated(withToken: boolean): SimResponse {
    const code = withToken ? "InvalidAuthenticationInfo" : "NoAuthenticationInformation";
    const message =
      "Server failed to authenticate the request. Please refer to the information in the www-authenticate header.";
    const authority = `https://login.microsoftonline.com/${this.#options.entra.tenantId}/oauth2/authorize`;
    const challenge = `Bearer authorization_uri=${authority} resource_id=${storageResource}`;
    return storageError(401, code, message, { "www-authenticate": challenge });
  }
}

function verified({ tokens }: Entra, token: string): Promise<Caller | undefined> {
  return tokens.verify(token, [storageResource]).catch(() => undefined);
}
