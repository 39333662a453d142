// Requests to Azure Resource Manager that no SDK of this task covers: GET, a POST that changes nothing, and PUT.

import { expect, shapes } from "../http/answer-validation.ts";
import { foreign } from "../http/connection-errors.ts";
import { ask, type JsonAnswer } from "../http/json-request.ts";
import type { Transport } from "../http/transport.ts";
import type { AzureConnection } from "../ports/connections.ts";
import { armRefusal, azureRefusal } from "./errors/arm-errors.ts";
import { credentialOf } from "./sign-in/credential.ts";

/** What an answer must be: JSON of another shape says nothing of what was asked. */
export interface Expected<T> {
  /** E.g. `a virtual network`. */
  readonly what: string;
  shape(value: unknown): value is T;
}

interface ReadAnswer<T> extends JsonAnswer {
  readonly body: Readonly<Record<string, unknown>> & T;
}

/** Every method throws `ServiceFault`. */
interface ArmReader {
  /** An access token for Azure Resource Manager. */
  token(signal?: AbortSignal): Promise<string>;
  /** @param path of the resource, which must be there */
  read<T>(path: string, apiVersion: string, expected: Expected<T>, signal?: AbortSignal): Promise<ReadAnswer<T>>;
  /** Asks something that takes a body, and changes nothing. */
  query<T>(path: string, apiVersion: string, expected: Expected<T>, body: object): Promise<ReadAnswer<T>>;
  /** Makes or changes a resource. The answer says no more than that the request is taken. */
  put(path: string, apiVersion: string, body: object, signal?: AbortSignal): Promise<JsonAnswer>;
  /**
   * All pages of a list.
   * @param filter as the service takes it, for less than all
   */
  list<T>(path: string, apiVersion: string, signal?: AbortSignal, filter?: string): Promise<T[]>;
}

export function armReader(azure: AzureConnection, transport: Transport): ArmReader {
  const credential = credentialOf(azure, transport);
  const token = (signal?: AbortSignal) => credential.token(azure.audience, signal);

  const asked = (url: string) => ({ service: "Azure", url, method: "GET", changes: false }) as const;

  function as<T>(url: string, answer: JsonAnswer, { what, shape }: Expected<T>): ReadAnswer<T> {
    return { ...answer, body: { ...answer.body, ...expect(asked(url), answer.status, answer.body, what, shape) } };
  }

  /** Only a PUT may have been carried out when its answer does not arrive. */
  const send = (method: "GET" | "POST" | "PUT", url: string, signal?: AbortSignal, json?: object) =>
    credential.authorized(
      azure.audience,
      (authorization) =>
        ask(
          {
            ...asked(url),
            method,
            changes: method === "PUT",
            headers: { authorization },
            ...(json ? { json } : {}),
            ...(signal ? { signal } : {}),
          },
          armRefusal,
          transport,
        ).catch((error: unknown) => {
          throw azureRefusal(error);
        }),
      signal,
    );

  const urlOf = (path: string, apiVersion: string) => `${azure.armUrl}${path}?api-version=${apiVersion}`;

  return {
    token,
    async read(path, apiVersion, expected, signal) {
      const url = urlOf(path, apiVersion);
      return as(url, await send("GET", url, signal), expected);
    },
    async query(path, apiVersion, expected, json) {
      const url = urlOf(path, apiVersion);
      return as(url, await send("POST", url, undefined, json), expected);
    },
    put: (path, apiVersion, json, signal) => send("PUT", urlOf(path, apiVersion), signal, json),
    async list<T>(path: string, apiVersion: string, signal?: AbortSignal, filter?: string) {
      const all: T[] = [];
      const filtered = filter === undefined ? "" : `&$filter=${encodeURIComponent(filter)}`;
      const seen = new Set<string>();
      for (let url = urlOf(path, apiVersion) + filtered; ; ) {
        seen.add(url);
        const { status, body } = await send("GET", url, signal);
        all.push(...(expect(asked(url), status, body, "a list", shapes.list).value as unknown as T[]));
        const { nextLink } = body;
        if (typeof nextLink !== "string" || nextLink === "") return all;
        // The token is sent to Azure Resource Manager only, whatever address the next page has.
        if (!URL.canParse(nextLink) || seen.has(nextLink)) {
          throw foreign(asked(url), status, "a list without an address to go on at");
        }
        if (new URL(nextLink).origin !== new URL(azure.armUrl).origin) {
          throw foreign(asked(url), status, "a list that goes on at another host");
        }
        url = nextLink;
      }
    },
  };
}
