// The exception that answers a request with an error.
import type { SimRequest, SimResponse } from "./https-site.ts";

/** Thrown by a handler, at any depth, to answer with exactly this response. */
export class Refused extends Error {
  readonly response: SimResponse;

  constructor(response: SimResponse) {
    super(`refused with ${response.status}`);
    this.response = response;
  }
}

/** The request's JSON body, `undefined` when it has none. @throws Refused with 400 when it is not JSON. */
export function jsonBody(request: Pick<SimRequest, "body">): unknown {
  if (request.body.length === 0) return undefined;
  try {
    return JSON.parse(request.body.toString("utf8"));
  } catch (error) {
    // The parser's own message quotes the body, which may hold a secret.
    throw new Refused(badRequest(`The request content was invalid and could not be deserialized (${named(error)}).`));
  }
}

/** Readable by clients of either service: ARM's look at `error`, those of Azure DevOps at `message`. */
export function badRequest(message: string): SimResponse {
  return { status: 400, body: { error: { code: "InvalidRequestContent", message }, message } };
}

function named(error: unknown): string {
  return error instanceof Error ? error.name : "unreadable";
}
