// Requests as they are, with the answer's status: what the task's adapters hide from the rest of the task.
import { credentialOf } from "../../EphemeralAgentTask/src/azure/sign-in/credential.ts";
import { type Answer, exchange } from "../../EphemeralAgentTask/src/http/send-request.ts";
import type { Transport } from "../../EphemeralAgentTask/src/http/transport.ts";
import type { CreateSettings } from "../../EphemeralAgentTask/src/settings/settings.ts";

export interface Reply {
  readonly status: number;
  readonly headers: Answer["headers"];
  /** Undefined when the answer is no JSON. */
  readonly json: unknown;
}

export interface Wire {
  /** @param path below the organization's address, with its query */
  devops(method: string, path: string, body?: unknown): Promise<Reply>;
  /** @param path of a resource, with its query */
  arm(method: string, path: string, body?: unknown): Promise<Reply>;
}

/** What is at a path of names in a JSON value; undefined when something on the way is not there. */
export function at(json: unknown, ...names: readonly (string | number)[]): unknown {
  return names.reduce<unknown>((value, name) => {
    if (typeof value !== "object" || value === null) return undefined;
    return (value as Readonly<Record<string | number, unknown>>)[name];
  }, json);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Who is asked, where, and with which authorization. */
interface Service {
  readonly service: "Azure" | "Azure DevOps";
  readonly base: string;
  authorization(): Promise<string>;
}

export function wireOf({ azure, devops }: CreateSettings, transport: Transport): Wire {
  const over = ({ service, base, authorization }: Service) => {
    return async (method: string, path: string, body?: unknown): Promise<Reply> => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const headers = {
        accept: "application/json;api-version=7.1",
        "content-type": "application/json",
        "x-tfs-fedauthredirect": "Suppress",
        authorization: await authorization(),
      };
      const asked = { service, url: `${base}${path}`, method, changes: method !== "GET", headers, ...sent };
      const { status, headers: answered, text } = await exchange(asked, transport);
      return { status, headers: answered, json: jsonOf(text) };
    };
  };
  const credential = credentialOf(azure, transport);
  const pat = "token" in devops.token ? devops.token.token : "";
  const basic = `Basic ${transport.mask(Buffer.from(`:${pat}`).toString("base64"))}`;
  return {
    devops: over({ service: "Azure DevOps", base: devops.url, authorization: async () => basic }),
    arm: over({
      service: "Azure",
      base: azure.armUrl,
      authorization: async () => `Bearer ${await credential.token(azure.audience)}`,
    }),
  };
}
