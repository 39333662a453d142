// From moments to bars: what an agent was doing between two of them.
import type { AgentRecord, PhaseName } from "../../EphemeralAgentTask/src/report/step-record.ts";

type SpanKind = "registering" | "creating" | "starting" | "connecting" | "waiting" | "job" | "removing";

export interface Span {
  readonly kind: SpanKind;
  /** What it is called on the page. */
  readonly label: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
}

/** What begins with a phase, and lasts until the next one that was seen. */
const after: Readonly<Record<PhaseName, readonly [SpanKind, string] | undefined>> = {
  registered: ["registering", "Registering the agent"],
  requested: ["creating", "Creating the container"],
  pulled: ["starting", "Starting the container"],
  started: ["connecting", "Starting the agent"],
  online: ["waiting", "Waiting for the job"],
  assigned: ["job", "Running the job"],
  finished: ["removing", "Removing the agent"],
  unregistered: ["removing", "Deleting the container"],
  deleted: undefined,
};

/** @param now until when the last one lasts that has no end yet, in milliseconds since the epoch */
export function spansOf({ phases }: AgentRecord, now: number): Span[] {
  return phases.flatMap(({ name, at }, index) => {
    const [kind, label] = after[name] ?? [];
    const next = phases[index + 1];
    const from = Date.parse(at);
    const to = next === undefined ? now : Date.parse(next.at);
    return kind && label && to >= from ? [{ kind, label, from, to }] : [];
  });
}

export interface Scale {
  readonly from: number;
  readonly to: number;
  /** Milliseconds between two marks of the axis. */
  readonly step: number;
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400].map(
  (s) => s * 1000,
);
const mostMarks = 8;

/** The time that all spans take, with marks at round numbers. */
export function scaleOf(spans: readonly Span[]): Scale {
  const from = Math.min(...spans.map((span) => span.from));
  const to = Math.max(...spans.map((span) => span.to), from + 1000);
  const step = steps.find((one) => (to - from) / one <= mostMarks) ?? (to - from) / mostMarks;
  return { from, to, step };
}

/** Where a moment is on the scale, in percent. */
export const place = ({ from, to }: Scale, at: number): number => ((at - from) / (to - from)) * 100;

/** The marks of the axis, in milliseconds since its beginning. One so near to the end that its text has no room is left out. */
export function marksOf({ from, to, step }: Scale): number[] {
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => index * step).filter(
    (ms) => ms < (to - from) * 0.93,
  );
}
