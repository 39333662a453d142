// What a container that registers itself talks to: the organization, the identity's endpoint and the Resource Manager.
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export type Asked = "organization" | "record" | "identity" | "group";

interface Answer {
  readonly status: number;
  readonly body?: object;
}

interface SeenRequest {
  readonly of: Asked;
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  /** Milliseconds, by a clock that only goes forward. */
  readonly at: number;
}

export const jobStillRuns: Answer = {
  status: 400,
  body: { typeKey: "TaskAgentJobStillRunningException", message: 'Agent "a" is running a job for pool "p"' },
};

const usual: Readonly<Record<Asked, Answer>> = {
  organization: { status: 200 },
  record: { status: 204 },
  identity: { status: 200, body: { access_token: "token-of-the-identity", token_type: "Bearer" } },
  group: { status: 200, body: {} },
};

export class Services {
  readonly requests: SeenRequest[] = [];
  readonly #server: Server;
  readonly #answers = new Map<Asked, Answer[]>();

  private constructor(server: Server) {
    this.#server = server;
    server.on("request", (request, response) => {
      const url = new URL(request.url ?? "/", this.origin);
      const of = asked(url.pathname);
      this.requests.push({ of, method: request.method ?? "", url, headers: request.headers, at: performance.now() });
      const { status, body } = this.#answers.get(of)?.shift() ?? usual[of];
      response.writeHead(status, { "content-type": "application/json" }).end(body && JSON.stringify(body));
    });
  }

  static async open(): Promise<Services> {
    const server = createServer();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return new Services(server);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** The next answers to one kind of request; then the usual one follows. */
  answer(of: Asked, ...answers: readonly Answer[]): void {
    this.#answers.set(of, [...answers]);
  }

  of(kind: Asked): SeenRequest[] {
    return this.requests.filter(({ of }) => of === kind);
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }
}

function asked(path: string): Asked {
  if (path.includes("/_apis/distributedtask/pools/")) return "record";
  if (path === "/metadata/identity/oauth2/token") return "identity";
  return path.startsWith("/subscriptions/") ? "group" : "organization";
}
