// Plain reads of Azure Resource Manager: a GET each, or a POST that changes nothing.
import { ask, type JsonAnswer } from "../http/ask.ts";
import { exchange } from "../http/exchange.ts";
import { expect, read as readAnswer, shapes } from "../http/reading.ts";
import { foreign } from "../http/way-faults.ts";
import type { AzureConnection } from "../settings.ts";
import type { Transport } from "../transport.ts";
import { armRefusal, azureRefusal } from "./arm-faults.ts";
import { credentialOf } from "./credential.ts";

/** Every method throws `ServiceFault`. */
export interface ArmReader {
  /** An access token for Azure Resource Manager. */
  token(signal?: AbortSignal): Promise<string>;
  /** @param path of the resource, which must be there */
  read(path: string, apiVersion: string, signal?: AbortSignal): Promise<JsonAnswer>;
  /** Asks something that takes a body, and changes nothing. */
  query(path: string, apiVersion: string, body: object, signal?: AbortSignal): Promise<JsonAnswer>;
  /** All pages of a list. */
  list<T>(path: string, apiVersion: string, signal?: AbortSignal): Promise<T[]>;
}

export function armReader(azure: AzureConnection, transport: Transport): ArmReader {
  const credential = credentialOf(azure, transport);
  const token = (signal?: AbortSignal) => credential.token(azure.audience, signal);

  const asked = (url: string) => ({ service: "Azure", url, method: "GET", changes: false }) as const;

  async function get(url: string, signal?: AbortSignal): Promise<JsonAnswer> {
    const headers = { authorization: `Bearer ${await token(signal)}` };
    const asking = { ...asked(url), headers, ...(signal ? { signal } : {}) };
    return ask(asking, armRefusal, transport).catch((error: unknown) => {
      throw azureRefusal(error);
    });
  }

  const urlOf = (path: string, apiVersion: string) => `${azure.armUrl}${path}?api-version=${apiVersion}`;

  return {
    token,
    read: (path, apiVersion, signal) => get(urlOf(path, apiVersion), signal),
    async query(path, apiVersion, body, signal) {
      const asking = { ...asked(urlOf(path, apiVersion)), method: "POST" };
      const headers = {
        accept: "application/json",
        "content-type": "application/json",
        authorization: `Bearer ${await token(signal)}`,
      };
      const sent = { ...asking, headers, body: JSON.stringify(body), ...(signal ? { signal } : {}) };
      try {
        const answer = await exchange(sent, transport);
        const json = readAnswer(asking, answer, armRefusal);
        return { ...answer, body: expect(asking, answer.status, json, "an object", shapes.record) };
      } catch (error) {
        throw azureRefusal(error);
      }
    },
    async list<T>(path: string, apiVersion: string, signal?: AbortSignal) {
      const all: T[] = [];
      for (let url = urlOf(path, apiVersion); ; ) {
        const { status, body } = await get(url, signal);
        all.push(...(expect(asked(url), status, body, "a list", shapes.list).value as unknown as T[]));
        const { nextLink } = body;
        if (typeof nextLink !== "string" || nextLink === "") return all;
        // The token goes to Azure Resource Manager only, whatever the next page's address says.
        if (new URL(nextLink).origin !== new URL(azure.armUrl).origin) {
          throw foreign(asked(url), status, "a list that goes on at another host");
        }
        url = nextLink;
      }
    },
  };
}
