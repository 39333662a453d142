// Renders a step's record as the Markdown page of the run's summary.
import { block, inline } from "./markdown-escape.ts";
import { type AgentRecord, type ErrorRecord, jobTitle, type PhaseName, type StepRecord } from "./step-record.ts";

const titles: Readonly<Record<StepRecord["action"], string>> = {
  run: "Ephemeral agents",
  create: "Ephemeral agents created",
  remove: "Ephemeral agents removed",
  sweep: "Sweep of ephemeral agents",
  check: "Check of the setup for ephemeral agents",
};

/** What begins with each phase. */
const doing: Readonly<Record<PhaseName, string>> = {
  registered: "Registering the agent",
  requested: "Creating the container",
  pulled: "Starting the container",
  started: "Starting the agent",
  online: "Waiting for the job",
  assigned: "Running the job",
  finished: "Removing the agent",
  unregistered: "Deleting the container",
  deleted: "Deleted",
};

const results: Readonly<Record<AgentRecord["result"], string>> = {
  waiting: "waiting for its job",
  served: "served its job",
  unneeded: "not needed",
  failed: "failed",
  canceled: "canceled",
};

const barWidth = 20;

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [minutes, rest] = [Math.floor(whole / 60), whole % 60];
  if (minutes === 0) return `${rest} s`;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

/** A row a phase, with a bar where it lies in the agent's life. */
function timeline({ phases }: AgentRecord): string[] {
  const times = phases.map(({ at }) => Date.parse(at));
  const [from = 0, to = 0] = [times[0], times.at(-1)];
  const column = (at: number) => (to === from ? 0 : Math.floor(((at - from) / (to - from)) * barWidth));
  const rows = phases.slice(0, -1).map(({ name }, index) => {
    const [begin = from, end = to] = [times[index], times[index + 1]];
    const [left, right] = [column(begin), Math.max(column(end), column(begin) + 1)];
    const bar = `${"░".repeat(left)}${"█".repeat(Math.min(right, barWidth) - left)}${"░".repeat(Math.max(barWidth - right, 0))}`;
    return `| ${doing[name]} | ${duration((begin - from) / 1000)} | ${duration((end - begin) / 1000)} | \`${bar}\` |`;
  });
  if (rows.length === 0) return [];
  return ["| Phase | After | Time | Timeline |", "| --- | ---: | ---: | --- |", ...rows, ""];
}

function failure({ code, title, cause, next }: ErrorRecord): string[] {
  const lines = [`**${inline(code)}** ${inline(title)}`];
  if (cause !== "") lines.push(`**Cause:** ${inline(cause)}`);
  if (next !== "") lines.push(`**Next step:** ${inline(next)}`);
  return [lines.map((line) => `> ${line}`).join("\n>\n"), ""];
}

const collapsed = (title: string, content: string): string[] => [
  `<details><summary>${inline(title)}</summary>`,
  "",
  content,
  "",
  "</details>",
  "",
];

function facts(agent: AgentRecord): string[] {
  const { pool, place, job, waited, cost, replaces } = agent;
  const rows = [`| Agent pool | ${inline(pool)} |`];
  if (job) rows.push(`| Job | ${inline(jobTitle(job))}${job.result ? `: ${inline(job.result)}` : ""} |`);
  if (place) {
    const subnet = place.subnet === undefined ? "" : `, subnet ${inline(place.subnet)}`;
    rows.push(`| Place | ${inline(place.region)}${subnet}, resource group ${inline(place.resourceGroup)} |`);
    rows.push(`| Size | ${place.cpu} CPU, ${place.memoryInGB} GB |`, `| Image | ${inline(place.image)} |`);
  }
  if (waited) {
    const [who, whom] = waited.who === "job" ? ["The job", "the agent"] : ["The agent", "the job"];
    rows.push(`| Waiting | ${who} waited ${duration(waited.seconds)} for ${whom} |`);
  }
  if (cost) {
    const amount = cost.amount.toFixed(cost.amount < 0.1 ? 4 : 2);
    rows.push(
      `| Estimated cost | ${amount} ${inline(cost.currency)}: ${cost.vcpuSeconds} vCPU seconds and ${cost.gbSeconds} GB seconds, ${cost.pricesOf === "" ? "your prices" : `prices of ${inline(cost.pricesOf)}`} |`,
    );
  }
  if (replaces) rows.push(`| Made in place of | ${inline(replaces)} |`);
  return ["| Detail | Value |", "| --- | --- |", ...rows, ""];
}

function agentPart(agent: AgentRecord): string[] {
  const { name, result, error, events = [], log } = agent;
  const eventRows = events.map(
    ({ at, type, name: event, message, count }) =>
      `| ${inline(at)} | ${inline(type)} | ${inline(event)} | ${inline(message)} | ${count} |`,
  );
  const eventTable = ["| Time | Type | Event | Message | Count |", "| --- | --- | --- | --- | ---: |", ...eventRows];
  return [
    `### ${inline(name)}: ${results[result]}`,
    "",
    ...(error ? failure(error) : []),
    ...facts(agent),
    ...timeline(agent),
    ...(result === "failed" && events.length > 0 ? collapsed("Events of the container", eventTable.join("\n")) : []),
    ...(result === "failed" && log ? collapsed("End of the container's log", block(log)) : []),
  ];
}

function lineTable({ action, lines = [] }: StepRecord): string[] {
  if (lines.length === 0) return [];
  const head = action === "sweep" ? "| Agent | Result | Why |" : "| Subject | Result | Found |";
  const rows = lines.map(({ subject, result, text }) => `| ${inline(subject)} | ${inline(result)} | ${inline(text)} |`);
  return [head, "| --- | --- | --- |", ...rows, ""];
}

/** The step as a page of Markdown. */
export function markdownOf(step: StepRecord): string {
  const { action, agents, error, lines = [] } = step;
  const toldAlready = agents.some((agent) => agent.error?.cause === error?.cause);
  const nothing = agents.length === 0 && lines.length === 0 && !error ? ["There was nothing to do.", ""] : [];
  return [
    `## ${titles[action]}`,
    "",
    ...(error && !toldAlready ? failure(error) : []),
    ...nothing,
    ...agents.flatMap(agentPart),
    ...lineTable(step),
  ].join("\n");
}
