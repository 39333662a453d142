// Requests from the stand-in agent to the organization, with the errors that it answers.
import { addressOf, type ConnectionData, type Resource, type RouteValues } from "./resource-discovery.ts";

/** An error that the service answered with; `typeKey` says which (facts agent-protocol §3.2). */
export class ServerError extends Error {
  readonly status: number;
  readonly typeKey: string;

  constructor(status: number, typeKey: string, message: string) {
    super(message);
    this.status = status;
    this.typeKey = typeKey;
  }
}

/** Whether an error is one of those the service answers with. */
export const isOf = (error: unknown, typeKeys: readonly string[]): boolean =>
  error instanceof ServerError && typeKeys.includes(error.typeKey);

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

interface Call {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  /** Sent as it is instead of JSON. */
  readonly bytes?: string;
  readonly signal?: AbortSignal | undefined;
  /** What the answer is wanted as; JSON when left out. */
  readonly accept?: string;
}

/** Gives an access token; `renew` asks for a new one because the last was refused. */
export type TokenSource = (renew: boolean) => Promise<string>;

/** What an identity shows: a token that it has already, or one that it asks for when the service wants to see it. */
interface Credentials {
  readonly scheme: "Bearer" | "Basic";
  readonly token: TokenSource;
  /** Whether the token goes with the first request, before anybody asked for it. */
  readonly unasked?: boolean;
}

const connectionData = "_apis/connectionData?connectOptions=1&lastChangeId=-1&lastChangeId64=-1";

/** The organization, called with one identity's tokens. */
export class Server {
  readonly #url: string;
  readonly #credentials: Credentials;
  #asked: boolean;
  #data: Promise<ConnectionData> | undefined;

  constructor(url: string, credentials: Credentials) {
    this.#url = url.endsWith("/") ? url : `${url}/`;
    this.#credentials = credentials;
    this.#asked = credentials.unasked === true;
  }

  /** Asks where everything is, once more if it was asked before. @throws ServerError as `call` does. */
  async connect(): Promise<void> {
    const data = this.#json("GET", new URL(connectionData, this.#url), {}) as Promise<ConnectionData>;
    this.#data = data;
    data.catch(() => {
      if (this.#data === data) this.#data = undefined;
    });
    await data;
  }

  /**
   * One request to a resource, tried again with a new token when the old one is refused.
   * @returns the JSON that was answered, undefined when there was none.
   * @throws ServerError for any other answer than success.
   */
  async call(method: string, resource: Resource, values: RouteValues, call: Call = {}): Promise<unknown> {
    return this.#json(method, await this.#address(resource, values, call), call);
  }

  /** The bytes of a resource. @throws ServerError for any other answer than success. */
  async download(resource: Resource, values: RouteValues, accept: string): Promise<Buffer> {
    const response = await this.#answered("GET", await this.#address(resource, values, {}), { accept });
    return Buffer.from(await response.arrayBuffer());
  }

  async #address(resource: Resource, values: RouteValues, { query = {} }: Call): Promise<URL> {
    if (this.#data === undefined) await this.connect();
    const data = await this.#data;
    if (data === undefined) throw new Error("The connection was lost.");
    const address = addressOf(data, resource, values);
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined) address.searchParams.set(name, String(value));
    }
    return address;
  }

  async #json(method: string, address: URL, call: Call): Promise<unknown> {
    const response = await this.#answered(method, address, call);
    const text = await response.text();
    return isJson(response) && text !== "" ? JSON.parse(text) : undefined;
  }

  async #answered(method: string, address: URL, call: Call): Promise<Response> {
    let response = await this.#send(method, address, call, this.#asked ? await this.#credentials.token(false) : "");
    if (response.status === 401 && this.#isChallenge(response)) {
      const token = await this.#credentials.token(this.#asked);
      this.#asked = true;
      response = await this.#send(method, address, call, token);
    }
    if (response.ok) return response;
    const text = await response.text();
    const answer = isJson(response) && text !== "" ? JSON.parse(text) : {};
    const { typeKey = "", message = "" } = answer as { typeKey?: string; message?: string };
    const said = message || withoutWords(method, address, response.status);
    throw new ServerError(response.status, response.status === 401 ? "VssUnauthorizedException" : typeKey, said);
  }

  /** A client shows its token only to a service that asks for one of its kind (facts agent-protocol §12). */
  #isChallenge(response: Response): boolean {
    const offered = response.headers.get("www-authenticate") ?? "";
    return new RegExp(`(^|[,\\s])${this.#credentials.scheme}\\b`, "i").test(offered);
  }

  #send(method: string, address: URL, { body, bytes, signal, accept }: Call, token: string): Promise<Response> {
    return fetch(address, {
      method,
      signal: signal ?? null,
      headers: {
        accept: `${accept ?? "application/json"};api-version=7.1-preview`,
        "content-type": bytes === undefined ? "application/json" : "application/octet-stream",
        ...(token === "" ? {} : { authorization: `${this.#credentials.scheme} ${token}` }),
      },
      ...(body === undefined && bytes === undefined ? {} : { body: bytes ?? JSON.stringify(body) }),
    });
  }
}

const isJson = (response: Response): boolean => /json/.test(response.headers.get("content-type") ?? "");

/** What the agent's libraries say of an answer that says nothing itself. */
const withoutWords = (method: string, { origin, pathname }: URL, status: number): string =>
  status === 401
    ? `VS30063: You are not authorized to access ${origin}.`
    : `${method} ${pathname} was answered ${status}.`;
