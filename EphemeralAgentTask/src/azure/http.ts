// Plain requests beside the SDKs, by the same transport.
import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  createPipelineRequest,
  proxyPolicy,
  tlsPolicy,
} from "@azure/core-rest-pipeline";
import type { Transport } from "../transport.ts";
import { clientOptions } from "./client-options.ts";

export interface PlainRequest {
  readonly url: string;
  readonly method: "GET" | "POST" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

export interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The body as JSON; an empty object when it is none. */
  json(): Record<string, unknown>;
}

/** @throws what the transport throws when no answer comes */
export async function send(
  { url, method, headers = {}, form }: PlainRequest,
  transport: Transport,
): Promise<PlainAnswer> {
  const encoded = form && new URLSearchParams(form).toString();
  const type = encoded === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
  const request = createPipelineRequest({
    url,
    method,
    headers: createHttpHeaders({ accept: "application/json", ...type, ...headers }),
    ...(encoded === undefined ? {} : { body: encoded }),
    timeout: 30_000,
  });
  const { proxyOptions, tlsOptions } = clientOptions(url, transport);
  const pipeline = createEmptyPipeline();
  if (proxyOptions) pipeline.addPolicy(proxyPolicy(proxyOptions, { customNoProxyList: [] }));
  if (tlsOptions) pipeline.addPolicy(tlsPolicy(tlsOptions));
  const response = await pipeline.sendRequest(createDefaultHttpClient(), request);
  const text = response.bodyAsText ?? "";
  return {
    status: response.status,
    headers: response.headers.toJSON(),
    text,
    json: () => (/^\s*\{/.test(text) ? (JSON.parse(text) as Record<string, unknown>) : {}),
  };
}
