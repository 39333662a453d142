// Faults of single requests: delayed, refused, cut off or answered with something else.

import type { SimRequest, SimResponse } from "./https-site.ts";
import { seededRandom } from "./seeded-random.ts";

/** What goes wrong with a request. */
export type FaultEffect =
  /** Handled late, after this many milliseconds. */
  | { readonly delayMs: number }
  /** Answered with this instead of being handled. */
  | SimResponse
  /** The connection is cut before the request is handled. */
  | { readonly reset: true }
  /** The request is handled, then the connection is cut instead of answering. */
  | { readonly loseAnswer: true }
  /** The request is handled, and its answer becomes another one. */
  | { readonly alter: (answer: SimResponse, request: SimRequest) => SimResponse }
  /** The connection is cut before the request is handled, and the site refuses new ones for so many milliseconds. */
  | { readonly refuseMs: number }
  /** Never answered; ends when the client gives up. */
  | { readonly hang: true }
  /** Decides itself; handled as usual when it returns nothing. */
  | { readonly call: (request: SimRequest) => SimResponse | undefined | Promise<SimResponse | undefined> };

export interface Fault {
  /** Name of a site; any when left out. */
  readonly site?: string;
  readonly method?: string;
  /** A string is searched in the path without regard to case, a pattern in path and query. */
  readonly path?: RegExp | string;
  /** Strikes only requests that this holds for: those of one sender, say. */
  readonly from?: (request: SimRequest) => boolean;
  /** How many matching requests it strikes; all when left out. */
  readonly times?: number;
  /** How many matching requests it lets pass first. */
  readonly skip?: number;
  /** Chance, 0 to 1, that it strikes a matching request; certain when left out. */
  readonly probability?: number;
  readonly effect: FaultEffect;
}

export interface AddedFault {
  /** How many requests it has struck. */
  readonly hits: number;
  remove(): void;
}

interface State {
  readonly fault: Fault;
  matched: number;
  hits: number;
}

/** The faults in force. Chances are drawn from one seed, so the same requests in the same order fail the same way. */
export class Faults {
  readonly #states = new Set<State>();
  /** The services' clocks, as the header `Date` of their answers tells them, are ahead of this machine's by so much. */
  dateAheadMs = 0;
  readonly #random: () => number;

  constructor(seed = 1) {
    this.#random = seededRandom(seed);
  }

  add(fault: Fault): AddedFault {
    const state: State = { fault, matched: 0, hits: 0 };
    this.#states.add(state);
    return {
      get hits() {
        return state.hits;
      },
      remove: () => {
        this.#states.delete(state);
      },
    };
  }

  clear(): void {
    this.#states.clear();
  }

  /** The effects that strike this request, in the order their faults were added. */
  strike(site: string, request: SimRequest): FaultEffect[] {
    const effects: FaultEffect[] = [];
    for (const state of this.#states) {
      if (!matches(state.fault, site, request)) continue;
      state.matched += 1;
      if (state.matched <= (state.fault.skip ?? 0)) continue;
      if (state.hits >= (state.fault.times ?? Number.POSITIVE_INFINITY)) continue;
      if (state.fault.probability !== undefined && this.#random() >= state.fault.probability) continue;
      state.hits += 1;
      effects.push(state.fault.effect);
    }
    return effects;
  }
}

function matches({ site, method, path, from }: Fault, atSite: string, request: SimRequest): boolean {
  const { url } = request;
  if (site !== undefined && site !== atSite) return false;
  if (method !== undefined && method.toUpperCase() !== request.method) return false;
  if (from !== undefined && !from(request)) return false;
  if (path === undefined) return true;
  if (typeof path === "string") return url.pathname.toLowerCase().includes(path.toLowerCase());
  path.lastIndex = 0; // A pattern with the g or y flag remembers where it stopped.
  return path.test(url.pathname + url.search);
}
