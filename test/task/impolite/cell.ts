// One cell of the matrix: a story in which one kind of request gets one answer, so many times.
import { type AnswerName, answers } from "../../../simulator/http/answers.ts";
import type { SimRequest } from "../../../simulator/http/site.ts";
import type { Simulator } from "../../../simulator/simulator.ts";
import { isFrom, type Who } from "../leaks/own-requests.ts";
import { endAfter } from "./lane.ts";
import { type RequestName, requests, type StoryName } from "./requests.ts";
import type { HowOften } from "./strikes.ts";

export interface Cell {
  readonly story: StoryName;
  readonly request: RequestName;
  readonly answer: AnswerName;
  readonly howOften: HowOften;
}

/** How many times as fast the time of a step runs. */
export const speed = 20;

/** A minute of a step's time, in milliseconds. */
const minute = 60_000 / speed;

/** Sites that cannot tell from a request who sent it. */
const anonymous = new Set<string | undefined>(["login", "agent-oauth", "registry"]);

export interface Strikes {
  readonly hits: number;
  remove(): void;
}

/** Lets the cell's answer come, to this sender's requests alone. */
export function strike({ faults }: Simulator, { request, answer, howOften }: Cell, who: Who): Strikes {
  const point = requests[request];
  const from = (one: SimRequest) => anonymous.has(point.site) || isFrom(who, one);
  const times = howOften === "for a minute" ? {} : { times: howOften };
  const fault = faults.add({ ...point, from, ...times, effect: answers[answer] });
  const over = new AbortController();
  if (howOften === "for a minute") endAfter(fault, minute, over.signal);
  return {
    get hits() {
      return fault.hits;
    },
    remove() {
      over.abort();
      fault.remove();
    },
  };
}

export const named = ({ story, request, answer, howOften }: Cell): string =>
  `${story} | ${request} | ${answer} | ${typeof howOften === "number" ? `${howOften} x` : howOften}`;
