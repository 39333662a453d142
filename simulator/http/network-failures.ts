// What comes back on networks as they are: by its name, as the effect of a fault.
import { gzipSync } from "node:zlib";
import type { SimResponse } from "./https-site.ts";
import type { FaultEffect } from "./request-faults.ts";

const html = { "content-type": "text/html; charset=utf-8" };

/** What somebody who is not signed in gets to see in a browser. */
export const signInPage = (status: number): SimResponse => ({
  status,
  headers: html,
  body: '<!DOCTYPE html>\r\n<html><head><title>Sign in to your account</title></head><body><form action="/_signin"></form></body></html>',
});

const proxyPage = (status: number, words: string): SimResponse => ({
  status,
  headers: { ...html, via: "1.1 proxy.contoso.example" },
  body: `<html><head><title>${status} ${words}</title></head><body><h1>${words}</h1><p>proxy.contoso.example</p></body></html>`,
});

const tooMany = (status: number, retryAfter?: () => string): FaultEffect => ({
  call: () => ({
    status,
    ...(retryAfter ? { headers: { "retry-after": retryAfter() } } : {}),
    body: { message: "Too many requests.", error: { code: "TooManyRequests", message: "Too many requests." } },
  }),
});

const altered = (change: (answer: SimResponse) => Partial<SimResponse>): FaultEffect => ({
  alter: (answer) => ({ ...answer, ...change(answer) }),
});

const json = { "content-type": "application/json; charset=utf-8" };
const textOf = ({ body = "" }: SimResponse): string =>
  typeof body === "string" || Buffer.isBuffer(body) ? body.toString() : JSON.stringify(body);

/** Every one of them strikes one request; how often is the fault's matter. Times are in the simulator's clock. */
export const answers = {
  refused: { refuseMs: 300 },
  "reset before the service acted": { reset: true },
  "reset after the service acted": { loseAnswer: true },
  silence: { hang: true },
  "headers, then silence": altered(() => ({ delivery: "headers only" })),
  "half a body, then silence": altered(() => ({ delivery: "stalls" })),
  "half a body": altered(() => ({ delivery: "half" })),
  "half a body in chunks": altered(() => ({ delivery: "half in chunks" })),
  "sign-in page with 200": signInPage(200),
  "sign-in page with 203": signInPage(203),
  "redirect to the sign-in page": { status: 302, headers: { location: "/_signin?reply_to=here" } },
  "page with 404": proxyPage(404, "Not Found"),
  "proxy's page with 200": proxyPage(200, "Web access notice"),
  "proxy's page with 403": proxyPage(403, "Forbidden"),
  "proxy's page with 407": proxyPage(407, "Proxy Authentication Required"),
  "proxy's page with 502": proxyPage(502, "Bad Gateway"),
  "proxy's page with 503": proxyPage(503, "Service Unavailable"),
  "401": { status: 401, headers: { "www-authenticate": "Bearer" } },
  "403 without a word": { status: 403 },
  "404 without a word": { status: 404 },
  "500": { status: 500, body: { message: "Something went wrong.", error: { code: "InternalServerError" } } },
  "503 for an hour": tooMany(503, () => "3540"),
  "429": tooMany(429),
  "429 for a second": tooMany(429, () => "1"),
  "429 for a day": tooMany(429, () => "100000"),
  "429 for longer than timers count": tooMany(429, () => "3000000"),
  "429 without end": tooMany(429, () => "Infinity"),
  "429 until a moment ago": tooMany(429, () => new Date(Date.now() - 60_000).toUTCString()),
  "429 until tomorrow": tooMany(429, () => new Date(Date.now() + 86_400_000).toUTCString()),
  "429 for a negative time": tooMany(429, () => "-5"),
  "429 for nonsense": tooMany(429, () => "soon"),
  "empty body": altered(() => ({ status: 200, headers: json, body: "" })),
  "byte order mark": altered((answer) => ({
    headers: { ...json, ...answer.headers },
    body: `\uFEFF${textOf(answer)}`,
  })),
  "another content type": altered((answer) => ({ headers: { ...answer.headers, "content-type": "text/plain" } })),
  "false gzip": altered((answer) => ({
    headers: { ...answer.headers, "content-encoding": "gzip" },
    body: Buffer.from(textOf(answer) || "no gzip at all"),
  })),
  "gzip that is cut off": altered((answer) => {
    const whole = gzipSync(textOf(answer) || "no text at all");
    return { headers: { ...json, "content-encoding": "gzip" }, body: whole.subarray(0, whole.length / 2) };
  }),
  "JSON of another shape": altered(({ status }) => ({ status, body: { unexpected: { shape: true } } })),
  "JSON that is null": altered(() => ({ headers: json, body: "null" })),
  "JSON that is a list": altered(() => ({ headers: json, body: "[]" })),
  "an hour late by its Date": altered((answer) => ({
    headers: { ...answer.headers, date: new Date(Date.now() - 3_600_000).toUTCString() },
  })),
  "no date by its Date": altered((answer) => ({ headers: { ...answer.headers, date: "yesterday" } })),
} as const satisfies Readonly<Record<string, FaultEffect>>;

export type AnswerName = keyof typeof answers;
