// The picture of a run: a row an agent, its job above, its phases below, all on one time axis.
import { type AgentRecord, jobTitle } from "../../EphemeralAgentTask/src/report/step-record.ts";
import { element, outside } from "./dom.ts";
import { marksOf, place, type Scale, type Span, scaleOf, spansOf } from "./spans.ts";
import { duration } from "./text.ts";

/** Positions are set by script: the page's security policy allows no styles in attributes. */
function placed<Kind extends HTMLElement>(made: Kind, scale: Scale, from: number, to: number): Kind {
  made.style.left = `${place(scale, from)}%`;
  made.style.width = `${Math.max(place(scale, to) - place(scale, from), 0)}%`;
  return made;
}

function sentence({ label, from, to }: Span, scale: Scale): string {
  return `${label}: ${duration(to - from)}, from ${duration(from - scale.from)} to ${duration(to - scale.from)} of the run`;
}

/** A bar that tells more when it is pointed at or has the focus. */
function bar(agent: AgentRecord, span: Span, scale: Scale, tell: (text: string) => void): HTMLElement {
  const said = `${agent.name}, ${sentence(span, scale)}`;
  const made = element("button", { type: "button", class: `bar ${span.kind}`, "aria-label": said });
  const show = (): void => tell(said);
  made.addEventListener("mouseenter", show);
  made.addEventListener("focus", show);
  return placed(made, scale, span.from, span.to);
}

function jobBar(agent: AgentRecord, spans: readonly Span[], scale: Scale): HTMLElement | undefined {
  const job = spans.find(({ kind }) => kind === "job");
  if (job === undefined || agent.job === undefined) return undefined;
  const made = element(
    "div",
    { class: `job-name ${agent.job.result ?? ""}`, "aria-hidden": "true" },
    outside(jobTitle(agent.job)),
  );
  return placed(made, scale, job.from, job.to);
}

function axis(scale: Scale): HTMLElement {
  const marks = marksOf(scale).map((ms) => {
    const mark = element("span", { class: "mark" }, duration(ms));
    mark.style.left = `${place(scale, scale.from + ms)}%`;
    return mark;
  });
  return element("div", { class: "axis", "aria-hidden": "true" }, ...marks);
}

const legend: readonly (readonly [kind: string, label: string])[] = [
  ["registering", "Registering"],
  ["creating", "Creating the container"],
  ["starting", "Starting the container"],
  ["connecting", "Starting the agent"],
  ["waiting", "Waiting for the job"],
  ["job", "Running the job"],
  ["removing", "Removing"],
];

function legendOf(): HTMLElement {
  const items = legend.map(([kind, label]) =>
    element("li", {}, element("span", { class: `key ${kind}`, "aria-hidden": "true" }), label),
  );
  return element("ul", { class: "legend", "aria-label": "Colors" }, ...items);
}

/** @param now in milliseconds since the epoch, for what has no end yet */
export function chartOf(agents: readonly AgentRecord[], now: number): HTMLElement {
  const all = agents.map((agent) => ({ agent, spans: spansOf(agent, now) }));
  const spans = all.flatMap((one) => one.spans);
  if (spans.length === 0) return element("p", {}, "No times are known.");
  const scale = scaleOf(spans);
  const told = element("p", { class: "told", role: "status" }, "Point at a bar, or go through them with the Tab key.");
  const tell = (text: string): void => {
    told.textContent = text;
  };
  const rows = all.map((one) =>
    element(
      "div",
      { class: "row", role: "group", "aria-label": one.agent.name },
      element("div", { class: "name" }, outside(one.agent.name)),
      element(
        "div",
        { class: "lanes" },
        element("div", { class: "lane jobs" }, jobBar(one.agent, one.spans, scale)),
        element("div", { class: "lane" }, ...one.spans.map((span) => bar(one.agent, span, scale, tell))),
      ),
    ),
  );
  const head = element("div", { class: "row head" }, element("div", { class: "name" }), axis(scale));
  return element("section", { class: "chart", "aria-label": "Timeline" }, legendOf(), head, ...rows, told);
}
