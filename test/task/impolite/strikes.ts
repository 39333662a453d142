// Which answers come how often, and what may come of them.
import type { AnswerName } from "../../../simulator/http/answers.ts";

/** How often: so many times, or for a minute of the task's time. */
export type HowOften = 1 | 2 | "for a minute";

/**
 * What an answer means to whoever understands it. `harmless`: nothing to be seen. `passing`: gone when asked again.
 * `lasting`: the one who answers says no, and the step may end with one of the codes.
 */
export type Meaning = "harmless" | "passing" | "lasting";

export interface Strike {
  readonly meaning: Meaning;
  readonly howOften: readonly HowOften[];
}

const passing = (...howOften: HowOften[]): Strike => ({ meaning: "passing", howOften });
const lasting = (...howOften: HowOften[]): Strike => ({ meaning: "lasting", howOften });
const harmless: Strike = { meaning: "harmless", howOften: [2] };

export const strikes: Readonly<Record<AnswerName, Strike>> = {
  refused: passing(1, "for a minute"),
  "reset before the service acted": passing(2, "for a minute"),
  "reset after the service acted": passing(1, 2),
  silence: passing(1, 2),
  "headers, then silence": passing(1),
  "half a body, then silence": passing(1),
  "half a body": passing(1, 2, "for a minute"),
  "half a body in chunks": passing(1, 2),
  "sign-in page with 200": lasting(1, 2, "for a minute"),
  "sign-in page with 203": lasting(1, "for a minute"),
  "redirect to the sign-in page": lasting(1, 2, "for a minute"),
  "page with 404": passing(1, 2),
  "proxy's page with 200": passing(1, "for a minute"),
  "proxy's page with 403": lasting(1, "for a minute"),
  "proxy's page with 407": lasting(1),
  "proxy's page with 502": passing(1, 2, "for a minute"),
  "proxy's page with 503": passing(1, 2),
  "401": lasting(1, "for a minute"),
  "403 without a word": lasting(1),
  "404 without a word": passing(1, 2),
  "500": passing(2, "for a minute"),
  "503 for an hour": lasting(1),
  "429": passing(1, 2),
  "429 for a second": passing(2, "for a minute"),
  "429 for a day": lasting(1),
  "429 for longer than timers count": lasting(1),
  "429 without end": lasting(1),
  "429 until a moment ago": passing(2),
  "429 until tomorrow": lasting(1),
  "429 for a negative time": passing(1),
  "429 for nonsense": passing(2),
  "empty body": passing(1, 2),
  "byte order mark": { meaning: "harmless", howOften: [1, 2] },
  "another content type": passing(1),
  "false gzip": passing(1, 2),
  "gzip that is cut off": passing(1),
  "JSON of another shape": passing(1, 2),
  "JSON that is null": passing(1, 2),
  "JSON that is a list": passing(1, 2),
  "an hour late by its Date": harmless,
  "no date by its Date": harmless,
};
