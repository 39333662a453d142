// What must hold after a cell, whatever was answered.
import type { TaskRun } from "../harness/run-task.ts";
import { told } from "../secrets/canary.ts";
import { Secrets } from "../secrets/secret-values.ts";
import type { Cell } from "./cell.ts";
import { allowedCodes } from "./codes.ts";
import { requests } from "./requests.ts";
import type { Played } from "./stage.ts";
import { strikes } from "./strikes.ts";
import { ways } from "./ways.ts";

const stackTrace =
  /^\s+at (async )?[\w.<>[\] ]*\(?(file:|node:|\/)?[^ ]*:\d+:\d+\)?$|LIB_UnhandledEx|^Unhandled:|node:internal/m;

const containerLog = /^##\[group\]Log of container.*?^##\[endgroup\]/gms;

export const codesOf = ({ issues }: TaskRun, type: "error" | "warning"): string[] =>
  issues.filter((issue) => issue.type === type).map(({ code, message }) => code ?? `no code: ${message.slice(0, 80)}`);

/** What holds for every stage: it ends by itself, says what it ends with, and shows nothing that nobody should see. */
function* always(what: string, run: TaskRun, secrets: Secrets): Generator<string> {
  if (run.exitCode === 137) yield `${what} hangs`;
  else if (run.exitCode !== 0) yield `${what} has exit code ${run.exitCode}`;
  const errors = codesOf(run, "error");
  if (run.result === "failed" && run.exitCode === 0 && errors.length === 0) yield `${what} fails without a word`;
  if (run.result !== "failed" && errors.length > 0) yield `${what} ${run.result} although it says ${errors.join(", ")}`;
  for (const code of errors) if (!/^EA\d{3}$/.test(code)) yield `${what}: ${code}`;
  const own = run.raw.replace(/^##vso\[task\.debug\].*$/gm, "").replace(containerLog, "");
  const stack = stackTrace.exec(own);
  if (stack) yield `${what} prints a stack trace: ${stack[0].trim()}`;
  for (const hit of secrets.hits(told(what, run, false))) yield `secret: ${hit}`;
}

function expected(cell: Cell): { readonly passes: boolean; readonly allowed: ReadonlySet<string> } {
  const { fails, spare } = ways[cell.story] ?? {};
  const may = fails === undefined && cell.story !== "check";
  // A check asks three times, within a moment.
  const patient = !cell.story.startsWith("check");
  if ("world" in cell) return { passes: may, allowed: allowedCodes(cell.story, undefined, "harmless") };
  const { family, passes } = strikes[cell.answer];
  // A token of Entra that is refused is replaced; the job's own cannot be.
  const renewed = cell.answer === "401" && requests[cell.request].site === "arm";
  // Nobody is let in for a while: not only this request suffers.
  const spared = cell.answer !== "refused" && (spare?.requests.includes(cell.request) ?? false);
  return {
    passes: may && (spared || (patient && (passes || renewed) && cell.howOften !== "for a minute")),
    allowed: new Set([
      ...allowedCodes(cell.story, cell.request, family),
      ...(cell.answer === "refused" && cell.story.startsWith("check") ? ["EA110"] : []),
    ]),
  };
}

function* ofTheStruck(cell: Cell, { struck, hits }: Played): Generator<string> {
  const { passes, allowed } = expected(cell);
  const { story } = cell;
  if (struck.exitCode === 137) return;
  const codes = [...codesOf(struck, "error"), ...codesOf(struck, "warning")];
  if (story === "post-job" && struck.result === "failed") yield "the post-job step fails a good job";
  if (passes && struck.result === "failed") yield "fails although it would have passed";
  const wrong = codes.filter((code) => hits > 0 && !allowed.has(code));
  if (wrong.length > 0) yield `says ${[...new Set(wrong)].join(", ")}`;
}

/** Of a world in which nothing is wrong. */
const untrue =
  /does not exist|not registered|may not add and remove|keeps no agent ready|\d+ are being made|missing: Microsoft|are left/;

/** A check that could not look says so, and finds nothing wrong instead. */
function* ofTheCheck({ story }: Cell, { struck }: Played): Generator<string> {
  const [told] = story.startsWith("check") ? (untrue.exec(struck.log) ?? []) : [];
  if (told !== undefined) yield `finds what is not so: ${told}`;
}

function* ofTheJob({ story }: Cell, { struck, job }: Played): Generator<string> {
  if (job === undefined) return;
  if (job.begun > 1) yield `its job was begun ${job.begun} times`;
  if (job.begun > 0 && (job.ended === 0 || job.result !== "succeeded")) yield `its running job was lost: ${job.result}`;
  // The post-job step's own result says nothing of the job.
  if (story !== "post-job" && struck.result === "succeeded" && job.result !== "succeeded")
    yield `succeeded although its job ended '${job.result}'`;
}

/** @returns what is wrong; nothing when the cell is green */
export function verdict(cell: Cell, played: Played): string[] {
  const secrets = new Secrets();
  for (const [name, value] of Object.entries(played.secrets)) secrets.add(name, value);
  const { struck, others } = played;
  return [
    ...always("the step", struck, secrets),
    ...ofTheStruck(cell, played),
    ...ofTheCheck(cell, played),
    ...ofTheJob(cell, played),
    ...others.flatMap(([what, run]) => {
      const failed = run.result === "failed" ? [`${what} fails on a good network: ${codesOf(run, "error")}`] : [];
      return [...always(what, run, secrets), ...failed];
    }),
  ];
}
