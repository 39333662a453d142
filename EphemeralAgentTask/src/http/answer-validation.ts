// Reads answers: anything but the JSON that the service returns is a fault, and never means that something does not exist.
import { type FaultDetails, ServiceFault } from "../ports.ts";
import { type Asked, foreign, refusedByProxy, signIn } from "./connection-errors.ts";
import { retryAfter } from "./retry-after-header.ts";
import type { Answer } from "./send-request.ts";

interface Told {
  readonly code: string;
  readonly message: string;
  /** What else the fault is to tell. */
  readonly details?: FaultDetails;
}

/** The service's own code and words, from the body of a refusal; undefined when it is not of the service's form. */
export type Refusal = (body: Readonly<Record<string, unknown>>) => Told | undefined;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** @param code must be text, else the body is of another form */
export const refusalOf = (code: unknown, message: unknown): Told | undefined => {
  const named = text(code);
  return named === undefined ? undefined : { code: named, message: text(message) ?? named };
};

export const refusals = {
  /** `{"typeKey","message"}` (facts agent-protocol §3.2) */
  devOps: ({ typeKey, message }) => refusalOf(typeKey, message),
  /** `{"error","error_description"}` (RFC 6749 §5.2) */
  oauth: ({ error, error_description: description }) => refusalOf(error, description),
  /** `{"errors":[{"code","message"}]}` (OCI distribution specification) */
  registry: ({ errors }) => {
    const all = Array.isArray(errors) ? errors.filter(isRecord) : [];
    const words = all.map((one) => `${text(one.code) ?? ""}: ${text(one.message) ?? ""}`).join("; ");
    return refusalOf(all[0]?.code, words);
  },
} as const satisfies Record<string, Refusal>;

const title = (page: string): string | undefined => {
  const [, words = ""] = /<title[^>]{0,200}>([^<]{0,300})/i.exec(page) ?? [];
  return words.replace(/\s+/g, " ").trim().slice(0, 100) || undefined;
};

const looksLikePage = (type: string, body: string) =>
  /\bhtml\b/i.test(type) || /^\s*<(!doctype|html|head|body)/i.test(body);

const leadsToSignIn = /_signin|\/oauth2\/|\/adfs\/|^https?:\/\/(login|app\.vssps)\./i;

const signInTitle = /sign[ -]?in|log[ -]?in|anmelden/i;

/** What came in place of JSON, in words. */
function describe({ headers, text: body }: Answer): string {
  const type = headers["content-type"] ?? "";
  if (looksLikePage(type, body)) return title(body) ? `a page titled '${title(body)}'` : "a page without a title";
  if (body === "") return "nothing in it";
  if (type !== "" && !isJson(type)) return `content of the type '${type.slice(0, 60)}'`;
  return "something that is not whole JSON";
}

const isJson = (type: string) => /^(application|text)\/([\w.-]+\+)?json\b/i.test(type.trim());

/** @returns undefined when it is no JSON of the type that says so; a body without a type is taken by what it is */
function parsed({ headers, text: body }: Answer): unknown {
  const type = headers["content-type"] ?? "";
  if (type !== "" && !isJson(type)) return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Refusals that the status alone makes, whatever the body is. */
const byStatus: Readonly<Record<number, string>> = { 408: "RequestTimeout", 429: "TooManyRequests" };

function detailsOf(asked: Asked, { status, headers }: Answer): FaultDetails {
  const passes = status >= 500 || status === 429 || status === 408;
  return {
    status,
    host: new URL(asked.url).host,
    retryable: passes,
    ambiguous: asked.changes && (status >= 500 || status === 408),
    ...retryAfter(headers["retry-after"], headers.date),
  };
}

/** What a service says beside its form, as its gateways do. */
function wordsOf(json: unknown): string | undefined {
  if (!isRecord(json)) return undefined;
  const { message, Message, error } = json;
  return text(message) ?? text(Message) ?? (isRecord(error) ? text(error.message) : undefined);
}

/** Characters of a message that are passed on. A longer one is no message for people, and would bury everything else. */
const longestMessage = 4_000;

const short = (text: string, longest: number) => (text.length > longest ? `${text.slice(0, longest)}…` : text);

/** The same of a reasonable length. Secrets are removed before it is cut: of one across the cut a piece would be left. */
function readable({ code, message }: Told, withoutSecrets: (text: string) => string): Told {
  const said = message.length > longestMessage ? withoutSecrets(message) : message;
  return { code: short(code, 200), message: short(said, longestMessage) };
}

/** What an answer that is no success says. */
export function refused(asked: Asked, answer: Answer, refusal: Refusal): ServiceFault {
  const { service, code, message, details } = refusedWith(asked, answer, refusal);
  const told = readable({ code, message }, answer.withoutSecrets ?? ((text) => text));
  return new ServiceFault(service, told.code, told.message, details);
}

function refusedWith(asked: Asked, answer: Answer, refusal: Refusal): ServiceFault {
  const { status, headers, text: body } = answer;
  const details = detailsOf(asked, answer);
  // Only a proxy says that.
  if (status === 407) return refusedByProxy(asked, status, undefined);
  const json = parsed(answer);
  const told = isRecord(json) ? refusal(json) : undefined;
  if (told) return new ServiceFault(asked.service, told.code, told.message, { ...details, ...told.details });
  const named = byStatus[status];
  const nothing = body === "" || json !== undefined;
  if (status === 401 && nothing) {
    // Azure DevOps may say no more than that (recorded: an empty body, or an empty list).
    const said = `${details.host} does not accept the credential.`;
    return new ServiceFault(asked.service, "HTTP 401", said, details);
  }
  if (named !== undefined || (status >= 500 && nothing)) {
    const said = wordsOf(json)?.replace(/\.?$/, ` (${details.host}).`) ?? `${details.host} gives no reason.`;
    return new ServiceFault(asked.service, named ?? `HTTP ${status}`, said, details);
  }
  if (status === 401 && asked.service === "Azure DevOps") return signIn(asked, status, describe(answer));
  const { retryAfterMs } = retryAfter(headers["retry-after"], headers.date);
  return foreign(asked, status, describe(answer), {
    // Of a gateway that is overloaded another try may get through; what a rule on the way answers seldom changes.
    seldomPasses: status < 500,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  });
}

/**
 * Reads an answer.
 * @returns its JSON; undefined for a success without a body, which the caller takes only where none belongs there
 * @throws `ServiceFault` for everything else
 */
export function read(asked: Asked, answer: Answer, refusal: Refusal): unknown {
  const { status, headers, text: body } = answer;
  if (status >= 300 && status < 400) {
    const to = headers.location ?? "";
    // No other service has a page to sign in at: what leads to one is something on the way there.
    if (asked.service === "Azure DevOps" && leadsToSignIn.test(to)) throw signIn(asked, status, "a redirect");
    const where = URL.canParse(to, asked.url) ? ` to ${new URL(to, asked.url).host}` : "";
    throw foreign(asked, status, `a redirect${where}`, { seldomPasses: true });
  }
  if (status < 200 || status >= 400) throw refused(asked, answer, refusal);
  if (status === 203 || looksLikePage(headers["content-type"] ?? "", body)) {
    const page = title(body);
    const ask = asked.service === "Azure DevOps" && (status === 203 || (page !== undefined && signInTitle.test(page)));
    if (ask) throw signIn(asked, status, describe(answer));
  }
  if (body === "") return undefined;
  const json = parsed(answer);
  if (json === undefined) throw foreign(asked, status, describe(answer));
  return json;
}

/**
 * The JSON of an answer, when it is what was expected.
 * @param shape tells whether it is
 * @param what is expected, e.g. `a list`
 * @throws `ServiceFault` when it is something else
 */
export function expect<T>(
  asked: Asked,
  status: number,
  json: unknown,
  what: string,
  shape: (value: unknown) => value is T,
): T {
  if (shape(json)) return json;
  throw foreign(asked, status, json === undefined ? `nothing where ${what} belongs` : `JSON that is not ${what}`);
}

export const shapes = {
  record: isRecord,
  text: (value: unknown): value is string => typeof value === "string" && value !== "",
  /** A page of a list, as Azure and Azure DevOps wrap it. */
  list: (value: unknown): value is { readonly value: readonly Record<string, unknown>[] } =>
    isRecord(value) && Array.isArray(value.value) && value.value.every(isRecord),
};
