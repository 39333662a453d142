// The asynchronous operations that answers about container groups point to.
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import type { Deployment } from "../../containers/deployment.ts";
import type { SimRequest, SimResponse, Site } from "../../http/https-site.ts";
import { armError } from "../arm-error.ts";

/** The version that the service writes into the address of an operation, whatever the request used (facts §2.3). */
const apiVersion = "2018-06-01";

/**
 * Asynchronous operations. Their address is signed and only good as it was given out: whether the service would take
 * a changed one nobody could try, so the simulator refuses it.
 */
export class Operations {
  readonly #site: Site;
  readonly #subscriptionId: string;
  readonly #key = randomBytes(32);
  readonly #operations = new Map<string, { readonly groupId: string; readonly deployment: Deployment }>();

  constructor(site: Site, subscriptionId: string) {
    this.#site = site;
    this.#subscriptionId = subscriptionId;
  }

  /** @returns the address at which the deployment of the group can be followed */
  start(groupId: string, deployment: Deployment, location: string): string {
    const id = randomUUID();
    this.#operations.set(id, { groupId, deployment });
    const path = `/subscriptions/${this.#subscriptionId}/providers/Microsoft.ContainerInstance/locations/${location}/operations/${id}`;
    const url = new URL(path, this.#site.origin);
    const time = `${BigInt(Date.now()) * 10_000n + 621355968000000000n}`;
    // The service's own certificate and signature take several kilobytes; clients must cope with so long an address.
    const certificate = randomBytes(1600).toString("base64url");
    const query = {
      "api-version": apiVersion,
      t: time,
      c: certificate,
      s: this.#sign(`${id}${time}`),
      h: randomUUID(),
    };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url.href;
  }

  /** @throws Refused when the operation is not known or its address was changed. */
  read({ params, url }: SimRequest): SimResponse {
    const id = params.operation ?? "";
    const operation = this.#operations.get(id);
    if (operation === undefined) throw armError(404, "ResourceNotFound", `The operation '${id}' was not found.`);
    const { searchParams } = url;
    const signature = this.#sign(`${id}${searchParams.get("t")}`);
    if (searchParams.get("api-version") !== apiVersion || searchParams.get("s") !== signature) {
      throw armError(403, "InvalidOperationSignature", "The signature of the operation's address does not match.");
    }
    const { groupId, deployment } = operation;
    const { provisioningState: status, startTime, events } = deployment;
    // Its id is the group's (recorded). A failed one says so, but has no `error`: only events tell why (facts §2.3).
    return { status: 200, body: { id: groupId, status, startTime, properties: { events } } };
  }

  #sign(text: string): string {
    return createHmac("sha256", this.#key).update(text).digest("base64url").repeat(8);
  }
}
