// Sends requests to the organization with a valid token, and reads its answers.
import { AsyncLocalStorage } from "node:async_hooks";
import type { TaskAgentApi } from "azure-devops-node-api/TaskAgentApi.js";
import { credentialOf } from "../azure/sign-in/credential.ts";
import { expect, read, refusals, shapes } from "../http/answer-validation.ts";
import { type Asked, foreign } from "../http/connection-errors.ts";
import { exchange } from "../http/send-request.ts";
import type { Transport } from "../http/transport.ts";
import type { DevOpsConnection, DevOpsToken } from "../ports/connections.ts";
import { ServiceFault } from "../ports.ts";

/** Azure DevOps as a resource of Entra (facts aci-azure-sdk §4.4). */
const devOpsResource = "499b84ac-1321-427f-aa17-267ca6975798";

/** A session with one organization. */
export interface Session {
  /** The same client, which then sends through here. */
  over<Client extends Pick<TaskAgentApi, "rest">>(api: Client): Client;
  /**
   * One call of a client.
   * @throws `ServiceFault`
   */
  call<T>(send: () => Promise<T>, signal?: AbortSignal): Promise<T>;
}

/** Sends with the organization's token, as the value of the header `Authorization`. */
type Authorized = <T>(send: (authorization: string) => Promise<T>, signal: AbortSignal | undefined) => Promise<T>;

function authorizedBy(token: DevOpsToken, transport: Transport): Authorized {
  if (token.kind === "personalAccessToken") {
    // As it is sent a token looks like another secret, which nobody knows yet.
    const authorization = `Basic ${transport.mask(Buffer.from(`:${token.token}`).toString("base64"))}`;
    return (send) => send(authorization);
  }
  if (token.kind !== "entra") return (send) => send(`Bearer ${token.token}`);
  const credential = credentialOf(token, transport);
  return (send, signal) => credential.authorized(devOpsResource, send, signal);
}

const changing = (method: string) => !/^(GET|HEAD|OPTIONS)$/.test(method);

/** A table of the API's addresses. Of one that is empty, or something else, the client makes an error without a cause. */
const isLocations = (json: unknown): json is object =>
  shapes.list(json) && json.value.length > 0 && json.value.every(({ id }) => typeof id === "string");

/** Lists come wrapped, and all of them with their length; the client would take a bare one, or half of one, for all there is. */
function isWhole(json: unknown): json is unknown {
  if (Array.isArray(json)) return false;
  if (!shapes.record(json) || !Array.isArray(json.value) || typeof json.count !== "number") return true;
  return json.count === json.value.length;
}

/** What the client makes of an answer; it reads the body again. */
interface ClientResponse {
  readonly message: { readonly statusCode: number; readonly headers: Readonly<Record<string, string>> };
  readBody(): Promise<string>;
}

/** @param product with its version, for the user agent */
export function sessionWith({ url, token }: DevOpsConnection, transport: Transport, product: string): Session {
  const { origin } = new URL(url);
  const authorized = authorizedBy(token, transport);
  // The client hands no signal on to its requests.
  const calls = new AsyncLocalStorage<AbortSignal | undefined>();

  /**
   * Sends and reads in the client's place, which follows redirects, gives what it cannot parse and every 404 for an empty
   * answer, and ends the process on a false gzip.
   */
  async function send(
    method: string,
    requestUrl: string,
    data: string | null,
    headers: Readonly<Record<string, string>>,
  ): Promise<ClientResponse> {
    const asked: Asked = { service: "Azure DevOps", url: requestUrl, method, changes: changing(method) };
    // The token goes to the organization's own host only.
    if (new URL(requestUrl).origin !== origin) throw foreign(asked, 200, "an address at another host");
    const signal = calls.getStore();
    const { answer, json } = await authorized(async (authorization) => {
      const answer = await exchange(
        {
          ...asked,
          headers: {
            ...headers,
            authorization,
            "user-agent": product,
            // Else the service redirects to its sign-in page, as if a browser had asked.
            "x-tfs-fedauthredirect": "Suppress",
          },
          ...(data ? { body: data } : {}),
          ...(signal ? { signal } : {}),
        },
        transport,
      );
      return { answer, json: read(asked, answer, refusals.devOps) };
    }, signal);
    transport.throttle?.heard(answer.headers);
    if (json === undefined && answer.status === 200) throw foreign(asked, 200, "nothing in it");
    expect(asked, answer.status, json, "a whole list, or a record", isWhole);
    if (method === "OPTIONS") expect(asked, answer.status, json, "a table of addresses", isLocations);
    return { message: { statusCode: answer.status, headers: answer.headers }, readBody: async () => answer.text };
  }

  return {
    over(api) {
      Object.assign(api.rest.client, { request: send });
      return api;
    },

    async call(request, signal) {
      try {
        return await calls.run(signal, request);
      } catch (error) {
        if (error instanceof ServiceFault) throw error;
        const said = error instanceof Error ? error.message : String(error);
        const details = { kind: "foreign", host: new URL(url).host, retryable: true, ambiguous: true } as const;
        throw new ServiceFault("Azure DevOps", "NotUnderstood", said, details);
      }
    },
  };
}
