// Passes one request through its faults to its handler.
import type { IncomingMessage } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import type { SimRequest, SimResponse } from "./https-site.ts";
import { badRequest, jsonBody, Refused } from "./refused-request.ts";
import type { FaultEffect } from "./request-faults.ts";
import type { Router } from "./router.ts";

/** How a request ends: with an answer, with its connection cut, or with the site refusing connections for a while. */
type Ending = SimResponse | "cut" | { readonly refuseMs: number };

/** Carries one request through its faults to its handler. Never throws. */
export async function ending(request: SimRequest, effects: readonly FaultEffect[], router: Router): Promise<Ending> {
  let loseAnswer = false;
  const alterations: ((answer: SimResponse, request: SimRequest) => SimResponse)[] = [];
  for (const effect of effects) {
    if ("delayMs" in effect) await pause(effect.delayMs, request.closed);
    else if ("reset" in effect) return "cut";
    else if ("hang" in effect) return hang(request.closed);
    else if ("loseAnswer" in effect) loseAnswer = true;
    else if ("alter" in effect) alterations.push(effect.alter);
    else if ("call" in effect) {
      const { call } = effect;
      const response = await answered(request, () => call(request));
      if (response !== undefined) return response;
    } else return effect;
  }
  const response = await answered(request, () => routed(request, router));
  if (loseAnswer) return "cut";
  return alterations.reduce((answer, alter) => alter(answer, request), response);
}

function routed(request: SimRequest, router: Router): SimResponse | Promise<SimResponse> {
  const match = router.match(request.method, request.url.pathname);
  if (match === undefined) {
    const message = `The simulator has no route for ${request.method} ${request.url.pathname} at ${request.url.origin}.`;
    return { status: 501, body: { error: { code: "NotImplemented", message }, message } };
  }
  if (/\bjson\b/i.test(request.headers["content-type"] ?? "")) jsonBody(request);
  Object.assign(request, { params: match.params });
  return match.handler(request);
}

async function answered<Response extends SimResponse | undefined>(
  request: SimRequest,
  handle: () => Response | Promise<Response>,
): Promise<Response | SimResponse> {
  try {
    return await handle();
  } catch (error) {
    const where = `${request.method} ${request.url.pathname}`;
    if (error instanceof Refused) return error.response;
    if (error instanceof URIError) return badRequest(`The path ${request.url.pathname} is not valid percent-encoding.`);
    console.error(`The simulator failed at ${where}:`, error);
    const message = `The simulator failed at ${where}: ${error instanceof Error ? error.message : "unknown error"}`;
    return { status: 500, body: { error: { code: "SimulatorError", message }, message } };
  }
}

export async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function pause(milliseconds: number, closed: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal: closed });
  } catch {
    // The client has hung up; what it asked for is handled all the same, as a slow service would.
  }
}

function hang(closed: AbortSignal): Promise<"cut"> {
  if (closed.aborted) return Promise.resolve("cut");
  return new Promise((resolve) => closed.addEventListener("abort", () => resolve("cut"), { once: true }));
}
