// Which codes a step may say when one kind of request is answered rudely.

import { type Point, type RequestName, requests } from "./requests.ts";
import type { Meaning } from "./strikes.ts";

/** What was left to the post-job step or to a sweep, and jobs that were not waited for. */
const besides = ["EA801", "EA802", "EA803"];

const bySite: Readonly<Record<string, Readonly<Record<Meaning, readonly string[]>>>> = {
  devops: { harmless: [], passing: ["EA504"], lasting: ["EA501", "EA502", "EA504"] },
  "agent-oauth": { harmless: [], passing: ["EA504"], lasting: ["EA501", "EA502", "EA504"] },
  arm: { harmless: [], passing: ["EA209"], lasting: ["EA202", "EA205", "EA208", "EA209", "EA229"] },
  login: { harmless: [], passing: ["EA209"], lasting: ["EA205", "EA209", "EA228"] },
  registry: { harmless: [], passing: [], lasting: [] },
};

/** Codes of errors and warnings that fit a request's site and what the answer means. */
export function allowedCodes(request: RequestName, meaning: Meaning): ReadonlySet<string> {
  const { site = "" }: Point = requests[request];
  return new Set([...(bySite[site]?.[meaning] ?? []), ...(meaning === "harmless" ? [] : besides)]);
}
