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

export interface Call {
  readonly body?: unknown;
  /** Sent as it is instead of JSON. */
  readonly bytes?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Gives an access token; `renew` asks for a new one because the last was refused. */
export type TokenSource = (renew: boolean) => Promise<string>;

/** The organization, called with one identity's tokens. */
export class Server {
  readonly #url: string;
  readonly #token: TokenSource;
  readonly #scheme: "Bearer" | "Basic";

  constructor(url: string, token: TokenSource, scheme: "Bearer" | "Basic" = "Bearer") {
    this.#url = url.endsWith("/") ? url : `${url}/`;
    this.#token = token;
    this.#scheme = scheme;
  }

  /**
   * One request, tried again with a new token when the old one is refused.
   * @returns the JSON that was answered, undefined when there was none.
   * @throws ServerError for any other answer than success.
   */
  async call(method: string, path: string, call: Call = {}): Promise<unknown> {
    const first = await this.#send(method, path, call, await this.#token(false));
    const response = first.status === 401 ? await this.#send(method, path, call, await this.#token(true)) : first;
    const text = await response.text();
    const isJson = /json/.test(response.headers.get("content-type") ?? "");
    const answer: unknown = isJson && text !== "" ? JSON.parse(text) : undefined;
    if (response.ok) return answer;
    const { typeKey = "", message = "" } = (answer ?? {}) as { typeKey?: string; message?: string };
    throw new ServerError(response.status, typeKey, message || `${method} ${path} was answered ${response.status}.`);
  }

  #send(method: string, path: string, { body, bytes, signal }: Call, token: string): Promise<Response> {
    return fetch(new URL(path, this.#url), {
      method,
      signal: signal ?? null,
      headers: {
        accept: "application/json;api-version=7.1-preview",
        "content-type": bytes === undefined ? "application/json" : "application/octet-stream",
        authorization: `${this.#scheme} ${token}`,
      },
      ...(body === undefined && bytes === undefined ? {} : { body: bytes ?? JSON.stringify(body) }),
    });
  }
}
