// One cell of the matrix: a story in which one kind of request gets one answer, so many times.

import type { SimRequest } from "../../../simulator/http/https-site.ts";
import { type AnswerName, answers } from "../../../simulator/http/network-failures.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { isFrom, type Who } from "../cleanup/own-requests.ts";
import { endAfter } from "./lane.ts";
import { type RequestName, requests, type StoryName } from "./requests.ts";
import type { HowOften } from "./strikes.ts";
import type { WorldName } from "./worlds.ts";

export interface AnswerCell {
  readonly story: StoryName;
  readonly request: RequestName;
  readonly answer: AnswerName;
  readonly howOften: HowOften;
}

interface WorldCell {
  readonly story: StoryName;
  readonly world: WorldName;
}

export type Cell = AnswerCell | WorldCell;

/** How many times as fast the time of a step runs. */
export const speed = 20;

/** A minute of a step's time, in milliseconds. */
const minute = 60_000 / speed;

/** Sites that cannot tell from a request who sent it. */
const anonymous = new Set<string | undefined>(["login", "agent-oauth", "registry", "imds"]);

export interface Strikes {
  readonly hits: number;
  remove(): void;
}

/** Lets the cell's answer come, to this sender's requests alone. */
export function strike({ faults }: Simulator, cell: Cell, who: Who): Strikes {
  if ("world" in cell) return { hits: 1, remove: () => undefined };
  const { request, answer, howOften } = cell;
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

/** What is asked for, and what comes of it. */
export const asked = (cell: Cell): string => ("world" in cell ? "everything" : cell.request);
export const answered = (cell: Cell): string => ("world" in cell ? cell.world : cell.answer);

export function named(cell: Cell): string {
  const words = [cell.story, asked(cell), answered(cell)];
  if ("howOften" in cell) words.push(typeof cell.howOften === "number" ? `${cell.howOften} x` : cell.howOften);
  return words.join(" | ");
}
