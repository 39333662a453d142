// What there is to know of one agent: facts in a table, and behind a click its phases, events and log.
import { type AgentRecord, type ErrorRecord, jobTitle } from "../../EphemeralAgentTask/src/report/step-record.ts";
import { element, outside } from "./dom.ts";
import { spansOf } from "./spans.ts";
import { counted, duration, money } from "./text.ts";

const results: Readonly<Record<AgentRecord["result"], string>> = {
  waiting: "Waiting for its job",
  served: "Served its job",
  unneeded: "Not needed",
  failed: "Failed",
  canceled: "Canceled",
};

/** A failure with its cause and what to do. */
export function errorBox({ code, title, cause, next }: ErrorRecord): HTMLElement {
  return element(
    "div",
    { class: "error", role: "note" },
    element("p", {}, element("strong", {}, code), " ", outside(title)),
    element("p", {}, "Cause: ", outside(cause)),
    element("p", {}, "Next step: ", outside(next)),
  );
}

function facts(agent: AgentRecord): HTMLElement {
  const { place, job, waited, cost, pool, replaces } = agent;
  const rows: (readonly [string, string])[] = [
    ["Agent pool", pool],
    ["Job", job ? `${jobTitle(job)}${job.result ? ` (${job.result})` : ""}` : "none"],
  ];
  if (place) {
    rows.push(["Region", place.region], ["Subnet", place.subnet ?? "none: public"]);
    rows.push(["Size", `${place.cpu} CPU, ${place.memoryInGB} GB`], ["Image", place.image]);
    rows.push(["Resource group", place.resourceGroup]);
  }
  if (waited) {
    const [who, whom] = waited.who === "job" ? ["The job", "the agent"] : ["The agent", "the job"];
    rows.push(["Waiting", `${who} waited ${duration(waited.seconds * 1000)} for ${whom}`]);
  }
  if (cost)
    rows.push([
      "Estimated cost",
      `${money(cost.amount, cost.currency)} (${cost.pricesOf === "" ? "your prices" : `prices of ${cost.pricesOf}`})`,
    ]);
  if (replaces) rows.push(["Made in place of", replaces]);
  const body = rows.map(([name, value]) =>
    element("tr", {}, element("th", { scope: "row" }, name), element("td", {}, outside(value))),
  );
  return element("table", { class: "facts" }, element("tbody", {}, ...body));
}

function table(caption: string, heads: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  return element(
    "div",
    { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
    element(
      "table",
      {},
      element("caption", {}, caption),
      element("thead", {}, element("tr", {}, ...heads.map((head) => element("th", { scope: "col" }, head)))),
      element(
        "tbody",
        {},
        ...rows.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", {}, outside(cell))))),
      ),
    ),
  );
}

/** @param now in milliseconds since the epoch, for what has no end yet */
export function agentDetails(agent: AgentRecord, now: number): HTMLElement {
  const { name, events = [], log, error, result } = agent;
  const spans = spansOf(agent, now);
  const phases = spans.map(({ label, from, to }) => [label, new Date(from).toISOString(), duration(to - from)]);
  const shown = events.map(({ at, type, name: event, message, count }) => [at, type, event, message, String(count)]);
  return element(
    "section",
    { class: "agent", "aria-label": name },
    element("h2", {}, outside(name), element("span", { class: `result ${result}` }, results[result])),
    error ? errorBox(error) : undefined,
    facts(agent),
    element(
      "details",
      {},
      element("summary", {}, `Phases of ${name}`),
      table(`Phases of ${name}`, ["Phase", "From", "Time"], phases),
    ),
    events.length > 0
      ? element(
          "details",
          {},
          element("summary", {}, `${counted(events.length, "event")} of ${name}`),
          table(`Events of ${name}`, ["Time", "Type", "Event", "Message", "Count"], shown),
        )
      : undefined,
    log
      ? element(
          "details",
          {},
          element("summary", {}, `End of the log of ${name}`),
          element("pre", { tabindex: "0", role: "region", "aria-label": `Log of ${name}` }, outside(log)),
        )
      : undefined,
  );
}
