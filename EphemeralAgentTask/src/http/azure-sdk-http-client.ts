// The HTTP client that the Azure SDKs use, so that their answers are read like all others.
import { createHttpHeaders, type HttpClient, type PipelineRequest } from "@azure/core-rest-pipeline";
import { ServiceFault } from "../ports.ts";
import { type Refusal, read } from "./answer-validation.ts";
import { type Asked, foreign } from "./connection-errors.ts";
import { type Answer, exchange } from "./send-request.ts";
import type { Transport } from "./transport.ts";

export interface SdkWay {
  readonly service: ServiceFault["service"];
  readonly refusal: Refusal;
  /** The only place that requests go to, whatever an answer names as the next page. */
  readonly origin?: string;
  /** Whether such a request makes, changes or removes something. */
  changes(method: string): boolean;
  /** Throws a `ServiceFault` when the JSON of a success is not what was asked for. */
  check?(asked: Asked, answer: Answer, json: unknown): void;
  /** Told the text of every body before it is sent. */
  sending?(body: string): void;
  /** An SDK may put its own error in the place of a fault: the last one is told here. */
  failed?(fault: ServiceFault): void;
  /** Ends all its requests when it aborts. */
  readonly signal?: AbortSignal;
  readonly local?: true;
  /** Milliseconds, when not 30 s. */
  readonly limitMs?: number;
}

function bodyOf({ body, url }: PipelineRequest): { body?: string } {
  if (body === undefined || body === null) return {};
  if (typeof body === "string") return { body };
  throw new Error(`The body of a request to ${url} is no text.`);
}

/** Without retries and redirects: pass `retryOptions` and `redirectOptions` with none of them to the SDK as well. */
export function sdkClient(way: SdkWay, transport: Transport): HttpClient {
  return {
    async sendRequest(request) {
      const { url, method } = request;
      const asked: Asked = { service: way.service, url, method, changes: way.changes(method) };
      const elsewhere = way.origin !== undefined && new URL(url).origin !== way.origin;
      if (elsewhere) throw foreign(asked, 200, "a list that goes on at another host");
      const signals = [request.abortSignal, way.signal].flatMap((one) => (one instanceof AbortSignal ? [one] : []));
      const sent = bodyOf(request);
      if (sent.body !== undefined) way.sending?.(sent.body);
      try {
        const answer = await exchange(
          {
            ...asked,
            ...sent,
            headers: request.headers.toJSON(),
            ...(signals.length > 0 ? { signal: AbortSignal.any(signals) } : {}),
            ...(way.local ? { local: true } : {}),
            ...(way.limitMs === undefined ? {} : { limitMs: way.limitMs }),
          },
          transport,
        );
        const json = read(asked, answer, way.refusal);
        way.check?.(asked, answer, json);
        return {
          request,
          status: answer.status,
          headers: createHttpHeaders(answer.headers),
          bodyAsText: answer.text,
        };
      } catch (error) {
        if (error instanceof ServiceFault) way.failed?.(error);
        throw error;
      }
    },
  };
}

/**
 * For every SDK: one place retries, lifecycle/step/retry.ts, and no redirect is followed. A proxy of their own keeps the SDKs from
 * reading one from the environment, where they take no other form than a URL; it is never used.
 */
export const once = {
  retryOptions: { maxRetries: 0 },
  redirectOptions: { maxRetries: 0 },
  proxyOptions: { host: "http://localhost", port: 9 },
};
