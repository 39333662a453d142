// Sends a request whose answer is JSON, without an SDK.

import { expect, type Refusal, read, shapes } from "./answer-validation.ts";
import { type Answer, type Exchange, exchange } from "./send-request.ts";
import type { Transport } from "./transport.ts";

export interface JsonAnswer extends Answer {
  readonly body: Readonly<Record<string, unknown>>;
}

type Asking = Omit<Exchange, "headers" | "body"> & {
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly json?: object;
};

/**
 * @param refusal how the service tells what it refuses
 * @throws `ServiceFault` for everything but a JSON object
 */
export async function ask(asking: Asking, refusal: Refusal, transport: Transport): Promise<JsonAnswer> {
  const { form, json: sent, headers = {}, ...rest } = asking;
  const body = form ? { body: new URLSearchParams(form).toString() } : sent ? { body: JSON.stringify(sent) } : {};
  const formType = form ? { "content-type": "application/x-www-form-urlencoded" } : {};
  const type = sent ? { "content-type": "application/json" } : formType;
  const exchanged = { ...rest, ...body, headers: { accept: "application/json", ...type, ...headers } };
  const answer = await exchange(exchanged, transport);
  const json = read(asking, answer, refusal);
  return { ...answer, body: expect(asking, answer.status, json, "an object", shapes.record) };
}
