// Sends an answer.
import type { ServerResponse } from "node:http";
import type { SimResponse } from "./https-site.ts";

/** Sends the answer and resolves once it is written out or the connection is gone. */
export function send(outgoing: ServerResponse, response: SimResponse): Promise<void> {
  const { body, headers, delivery } = response;
  const payload = bytes(body);
  return new Promise((resolve) => {
    outgoing.once("close", resolve);
    outgoing.statusCode = response.status;
    if (payload !== undefined) {
      outgoing.setHeader("content-type", contentType(body));
      if (delivery !== "half in chunks") outgoing.setHeader("content-length", payload.length);
    }
    for (const [name, value] of Object.entries(headers ?? {})) outgoing.setHeader(name, value);
    if (delivery === undefined) outgoing.end(payload);
    else deliver(outgoing, payload ?? Buffer.alloc(0), delivery);
  });
}

function deliver(outgoing: ServerResponse, payload: Buffer, delivery: NonNullable<SimResponse["delivery"]>): void {
  const cut = () => outgoing.socket?.destroy();
  const cutsOff = delivery === "half" || delivery === "half in chunks";
  if (payload.length < 2) {
    if (cutsOff) cut();
    return;
  }
  if (delivery === "headers only") outgoing.flushHeaders();
  else outgoing.write(payload.subarray(0, Math.floor(payload.length / 2)), cutsOff ? cut : undefined);
}

function bytes(body: SimResponse["body"]): Buffer | undefined {
  if (body === undefined || Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function contentType(body: SimResponse["body"]): string {
  if (typeof body === "string") return "text/plain; charset=utf-8";
  return Buffer.isBuffer(body) ? "application/octet-stream" : "application/json; charset=utf-8";
}
