// The whole page: a sentence, the picture, the agents; or why there is nothing to show.
import type { StepRecord } from "../../EphemeralAgentTask/src/report/step-record.ts";
import { chartOf } from "./chart.ts";
import { agentDetails, errorBox } from "./details.ts";
import { element, outside } from "./dom.ts";
import { agentsOf } from "./merge.ts";
import type { RunRecords } from "./source.ts";
import { spansOf } from "./spans.ts";
import { counted, duration, money } from "./text.ts";

function summary(steps: readonly StepRecord[], now: number): string {
  const agents = agentsOf(steps);
  const spans = agents.flatMap((agent) => spansOf(agent, now));
  const served = agents.filter(({ result }) => result === "served").length;
  const costs = agents.flatMap(({ cost }) => cost ?? []);
  const [first] = costs;
  const same = first !== undefined && costs.every(({ currency }) => currency === first.currency);
  const total = costs.reduce((sum, { amount }) => sum + amount, 0);
  return [
    counted(agents.length, "agent"),
    `${counted(served, "job")} served`,
    ...(spans.length > 0
      ? [duration(Math.max(...spans.map(({ to }) => to)) - Math.min(...spans.map(({ from }) => from)))]
      : []),
    ...(same ? [`estimated cost ${money(total, first.currency)}`] : []),
  ].join(" · ");
}

/** Lines of sweeps and checks. */
function linesOf(steps: readonly StepRecord[]): HTMLElement[] {
  return steps.flatMap(({ action, lines = [] }) => {
    if (lines.length === 0) return [];
    const rows = lines.map(({ subject, result, text }) =>
      element("tr", {}, ...[subject, result, text].map((cell) => element("td", {}, outside(cell)))),
    );
    const caption = action === "sweep" ? "Leftovers" : "Check";
    return [
      element(
        "section",
        {},
        element("h2", {}, caption),
        element("table", {}, element("caption", {}, caption), element("tbody", {}, ...rows)),
      ),
    ];
  });
}

function nothing({ running, unreadable }: RunRecords): HTMLElement {
  const why =
    unreadable > 0
      ? `${counted(unreadable, "report")} of this run cannot be read: it may have been written by a newer version of the task.`
      : running
        ? "No step of EphemeralAgent@1 has ended yet. This page looks again every ten seconds."
        : "No step of EphemeralAgent@1 left a report in this run: there was none, or its step may not attach files (target: commands: restricted).";
  return element("div", { class: "nothing" }, element("h1", {}, "Ephemeral agents"), element("p", {}, why));
}

/** @param now in milliseconds since the epoch */
export function pageOf(records: RunRecords, now: number): HTMLElement {
  const { steps } = records;
  const agents = agentsOf(steps);
  const lines = linesOf(steps);
  if (agents.length === 0 && lines.length === 0 && !steps.some(({ error }) => error)) return nothing(records);
  const told = new Set(agents.flatMap(({ error }) => (error ? [error.cause] : [])));
  const others = steps.flatMap(({ error }) => (error && !told.has(error.cause) ? [errorBox(error)] : []));
  return element(
    "div",
    {},
    element("h1", {}, "Ephemeral agents"),
    element("p", { class: "summary" }, summary(steps, now)),
    ...others,
    agents.length > 0 ? chartOf(agents, now) : undefined,
    ...agents.map((agent) => agentDetails(agent, now)),
    ...lines,
  );
}

/** Something went wrong before there was anything to show. */
export function failurePage(said: string, again: () => void): HTMLElement {
  const button = element("button", { type: "button", class: "again" }, "Try again");
  button.addEventListener("click", again);
  return element(
    "div",
    { class: "nothing", role: "alert" },
    element("h1", {}, "Ephemeral agents"),
    element("p", {}, "The reports of this run cannot be shown: ", outside(said)),
    button,
  );
}
