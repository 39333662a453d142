// Which answers come how often, and what family they are of: a family's codes are in codes.ts.
import type { AnswerName } from "../../../simulator/http/network-failures.ts";

/** How often: so many times, or for a minute of the task's time. */
export type HowOften = 1 | 2 | "for a minute";

/**
 * `harmless`: nothing to be seen. `silent`: no answer, or none to its end. `foreign`: no answer of the service.
 * `sign-in`: who asks is not let in. `proxy`: the way is closed. `denied`: no, without a word. `busy`: come back later.
 */
export type Family = "harmless" | "silent" | "foreign" | "sign-in" | "proxy" | "denied" | "busy";

interface Strike {
  readonly family: Family;
  readonly howOften: readonly HowOften[];
  /** Asking again helps: a step that was struck so many times must not fail. */
  readonly passes: boolean;
}

const passing = (family: Family, ...howOften: HowOften[]): Strike => ({ family, howOften, passes: true });
const lasting = (family: Family, ...howOften: HowOften[]): Strike => ({ family, howOften, passes: false });

export const strikes: Readonly<Record<AnswerName, Strike>> = {
  refused: passing("silent", 1, "for a minute"),
  "reset before the service acted": passing("silent", 2, "for a minute"),
  "reset after the service acted": passing("silent", 1, 2),
  silence: passing("silent", 1, 2),
  "headers, then silence": passing("silent", 1),
  "half a body, then silence": passing("silent", 1),
  "half a body": passing("foreign", 1, 2, "for a minute"),
  "half a body in chunks": passing("foreign", 1, 2),
  "sign-in page with 200": lasting("sign-in", 1, 2, "for a minute"),
  "sign-in page with 203": lasting("sign-in", 1, "for a minute"),
  "redirect to the sign-in page": lasting("sign-in", 1, 2, "for a minute"),
  "page with 404": passing("foreign", 1, 2),
  "proxy's page with 200": passing("foreign", 1, "for a minute"),
  "proxy's page with 403": lasting("proxy", 1, "for a minute"),
  "proxy's page with 407": lasting("proxy", 1),
  "proxy's page with 502": passing("foreign", 1, 2, "for a minute"),
  "proxy's page with 503": passing("foreign", 1, 2),
  "401": lasting("sign-in", 1, "for a minute"),
  "403 without a word": lasting("denied", 1),
  "404 without a word": lasting("denied", 1, 2),
  "500": passing("busy", 2, "for a minute"),
  "503 for an hour": lasting("busy", 1),
  "429": passing("busy", 1, 2),
  "429 for a second": passing("busy", 2, "for a minute"),
  "429 for a day": lasting("busy", 1),
  "429 for longer than timers count": lasting("busy", 1),
  "429 without end": lasting("busy", 1),
  "429 until a moment ago": passing("busy", 2),
  "429 until tomorrow": lasting("busy", 1),
  "429 for a negative time": passing("busy", 1),
  "429 for nonsense": passing("busy", 2),
  "empty body": passing("foreign", 1, 2),
  "byte order mark": passing("harmless", 1, 2),
  "another content type": passing("foreign", 1),
  "false gzip": passing("foreign", 1, 2),
  "gzip that is cut off": passing("foreign", 1),
  "JSON of another shape": passing("foreign", 1, 2),
  "JSON that is null": passing("foreign", 1, 2),
  "JSON that is a list": passing("foreign", 1, 2),
  "an hour late by its Date": passing("harmless", 2),
  "no date by its Date": passing("harmless", 2),
};
