// Which codes a step may say when one kind of request is answered rudely.
import { type Point, type RequestName, requests, type StoryName } from "./requests.ts";
import type { Family } from "./strikes.ts";
import { ways } from "./ways.ts";

/** What was left to the post-job step or a sweep, and jobs that wait. */
const besides = ["EA801", "EA802", "EA803", "EA805"];

/** What only such a step says: of what it could not see, and at its end. */
const ofStory: Readonly<Partial<Record<StoryName, readonly string[]>>> = {
  sweep: ["EA804"],
  check: ["EA110", "EA111"],
  "check of a standby pool": ["EA111"],
};

/** No answer, or something else in place of the service: whichever service it is. */
const transport = ["EA911", "EA914"];

const everywhere: Readonly<Record<Family, readonly string[]>> = {
  harmless: [],
  silent: transport,
  foreign: [...transport, "EA913"],
  "sign-in": ["EA914"],
  proxy: ["EA913", "EA914"],
  denied: ["EA914"],
  busy: ["EA205", "EA911"],
};

type BySite = Readonly<Partial<Record<Family, readonly string[]>>>;

/** Besides, of the one service: its own way to say no. */
const bySite: Readonly<Record<string, BySite>> = {
  devops: {
    "sign-in": ["EA501", "EA508"],
    proxy: ["EA502"],
    denied: ["EA502", "EA504"],
    busy: ["EA504", "EA510"],
  },
  // The step tries the agent's own credential before it makes a container with it.
  "agent-oauth": { "sign-in": ["EA505"], proxy: ["EA505"], denied: ["EA505"], busy: ["EA504", "EA505"] },
  arm: { "sign-in": ["EA229"], proxy: ["EA202"], denied: ["EA202", "EA208"], busy: ["EA203", "EA209"] },
  login: { "sign-in": ["EA228"], proxy: ["EA228"], denied: ["EA228"], busy: ["EA209"] },
  imds: { "sign-in": ["EA227"], proxy: ["EA227"], denied: ["EA227"], busy: ["EA209"] },
  registry: { "sign-in": ["EA403"], proxy: ["EA403"], denied: ["EA403", "EA401"], busy: ["EA402"] },
};

/** Codes of errors and warnings that fit a request's site, if it was a single one, and the answers' family. */
export function allowedCodes(story: StoryName, request: RequestName | undefined, family: Family): ReadonlySet<string> {
  const { site = "" }: Point = request === undefined ? {} : requests[request];
  const { fails, spare } = ways[story] ?? {};
  if (request !== undefined && spare?.requests.includes(request) && !story.startsWith("check"))
    return new Set([spare.code]);
  const own = [...besides, ...(ofStory[story] ?? []), ...(fails === undefined ? [] : [fails])];
  return new Set([...everywhere[family], ...(bySite[site]?.[family] ?? []), ...own]);
}
