// The private resource that the samples deploy to.

/** One request to something private, as it arrives from inside a virtual network. */
interface PrivateRequest {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  /** Resource id of the subnet it comes from. */
  readonly subnetId: string;
}

interface PrivateResponse {
  readonly status: number;
  readonly text: string;
}

/** An application with no public endpoint, which is what people deploy to from inside their network. */
export class PrivateResource {
  readonly host = "app.shop.internal";
  readonly url = `http://${this.host}/`;
  /** The one network that knows its name. */
  readonly virtualNetworkId: string;
  /** What was deployed, by name. */
  readonly deployments = new Map<string, string>();

  constructor(virtualNetworkId: string) {
    this.virtualNetworkId = virtualNetworkId;
  }

  answer({ method, path, body, subnetId }: PrivateRequest): PrivateResponse {
    const deployment = /^\/deployments\/([^/]+)$/.exec(path)?.[1];
    if (method === "GET" && path === "/") {
      return { status: 200, text: `${this.host} answers ${subnetId.split("/").at(-1)}\n` };
    }
    if (method === "PUT" && deployment !== undefined) {
      const status = this.deployments.has(deployment) ? 200 : 201;
      this.deployments.set(deployment, body);
      return { status, text: `${deployment} deployed\n` };
    }
    const deployed = method === "GET" && deployment !== undefined ? this.deployments.get(deployment) : undefined;
    if (deployed !== undefined) return { status: 200, text: deployed };
    return { status: 404, text: `${this.host} has nothing at ${method} ${path}\n` };
  }
}
