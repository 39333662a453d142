// One open point: what is expected, and what was seen.
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";

/** `not tried`: something that it needs was not given, or did not work before. */
type Verdict = "expected" | "surprise" | "not tried";

export interface Seen {
  readonly saw: string;
  readonly verdict: Verdict;
}

export interface Point {
  /** As docs/live-smoke-test.md calls it. */
  readonly id: string;
  readonly what: string;
  readonly expected: string;
  look(): Promise<Seen>;
}

export interface Finding extends Seen, Omit<Point, "look"> {}

/** @param saw in a few words, whatever it is */
export function seen(asExpected: boolean, saw: string): Seen {
  return { verdict: asExpected ? "expected" : "surprise", saw };
}

export const notTried = (why: string): Seen => ({ verdict: "not tried", saw: why });

function wordsOf(error: unknown): string {
  if (!(error instanceof ServiceFault)) return error instanceof Error ? error.message : String(error);
  const { status } = error.details;
  return `${error.service}: ${error.code}: ${error.message}${status === undefined ? "" : ` (HTTP ${status})`}`;
}

/** Looks at a point. A service that does not do what it is asked is a surprise, and no reason to stop. */
export async function find({ look, ...point }: Point): Promise<Finding> {
  try {
    return { ...point, ...(await look()) };
  } catch (error) {
    return { ...point, ...seen(false, wordsOf(error)) };
  }
}
