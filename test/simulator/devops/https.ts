// Sends one request to the simulator.
import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders } from "node:http";
import { request } from "node:https";

export interface Call {
  /** Sent as Basic, the way tools do. */
  readonly token: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: unknown;
  readonly form: Readonly<Record<string, string>>;
  readonly apiVersion: string | undefined;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly bytes: Buffer;
  /** The JSON object that was answered, or an empty one. */
  readonly json: Record<string, unknown>;
}

/** One request over a connection of its own, trusting the simulator's authority. */
export function send(caFile: string, method: string, url: URL, call: Partial<Call> = {}): Promise<Answer> {
  const { token, headers, body, form } = call;
  const apiVersion = "apiVersion" in call ? call.apiVersion : "7.1";
  const payload = form === undefined ? body && JSON.stringify(body) : new URLSearchParams(form).toString();
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method,
      ca: readFileSync(caFile),
      agent: false,
      headers: {
        accept: apiVersion === undefined ? "application/json" : `application/json;api-version=${apiVersion}`,
        "content-type": form === undefined ? "application/json" : "application/x-www-form-urlencoded",
        ...(token === undefined ? {} : { authorization: `Basic ${Buffer.from(`:${token}`).toString("base64")}` }),
        ...headers,
      },
    });
    outgoing.on("error", reject);
    outgoing.on("response", async (incoming) => {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of incoming) chunks.push(chunk);
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString("utf8");
        const isJson = /json/.test(incoming.headers["content-type"] ?? "");
        const json = isJson && text !== "" ? JSON.parse(text) : {};
        resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, text, bytes, json });
      } catch (error) {
        reject(error);
      }
    });
    outgoing.end(typeof payload === "string" ? payload : undefined);
  });
}
