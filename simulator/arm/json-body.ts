// Reads JSON bodies of requests.

import type { SimRequest } from "../http/https-site.ts";
import { jsonBody } from "../http/refused-request.ts";
import { armError } from "./arm-error.ts";

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The body of a PUT, PATCH or POST. @throws Refused with 400 when it is no JSON object. */
export function objectBody(request: SimRequest): JsonObject {
  const body = jsonBody(request);
  if (isObject(body)) return body;
  throw armError(400, "InvalidRequestContent", "The request content was invalid: a JSON object is expected.");
}

/** A property that is an object, or an empty one when it is missing. */
export function objectOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}
