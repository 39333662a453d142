// npm run bench [-- --runs N] [--pace recorded] [--delay MS] [--many] [--against COMMAND]: what the task takes by itself, held
// against its limits, and beside other ways to give a job an agent. CONTRIBUTING.md tells the options.
import { mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSimulator } from "../simulator/start-simulator.ts";
import { timeBareNode, timeFailure, timeRun } from "../test/bench/measure.ts";
import { cells, isOver, quantile, type Row } from "../test/bench/numbers.ts";
import { chart } from "./bench/chart.ts";
import { azureCliWays, commandWay } from "./bench/command-contestants.ts";
import { comparison } from "./bench/comparison.ts";
import { type Condition, type ConditionResult, compare } from "./bench/conditions.ts";
import { many, manyTable } from "./bench/many-agents.ts";
import type { Way } from "./bench/round.ts";
import { runWay, standbyWay, templateWay } from "./bench/task-contestants.ts";
import { repository } from "./build/bundle.ts";
import { commandOptions } from "./command-options.ts";
import { table } from "./demo/terminal.ts";
import { hasAzureCli } from "./sim-shell/azure-cli.ts";

const values = commandOptions("npm run bench --", {
  runs: { type: "string", value: "N", default: "30", from: 1 },
  pace: { type: "string", value: "recorded", oneOf: ["recorded"] },
  shorter: { type: "string", value: "N", default: "10", from: 1 },
  delay: { type: "string", value: "MS", from: 1 },
  against: { type: "string", value: "COMMAND" },
  many: { type: "boolean" },
});

const runs = Number(values.runs);

const tellRound = (text: string): void => void process.stderr.write(`${text}\n`);

/** One after another: side by side they would measure each other. */
async function times<T>(count: number, measure: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let index = 0; index < count; index++) all.push(await measure());
  return all;
}

function extensionSize(): number {
  const dist = join(repository, "dist");
  const name = readdirSync(dist).find((file) => file.endsWith(".vsix"));
  if (name === undefined) throw new Error("There is no extension in dist; npm run package makes it.");
  return statSync(join(dist, name)).size / 1000;
}

async function measured(): Promise<Row[]> {
  const simulator = await startSimulator({ engine: "process" });
  try {
    simulator.organization.addPlaceholder(simulator.ready.pool);
    await timeRun(simulator); // What is read from disk once is not the task's to answer for.
    const bare = await times(runs, timeBareNode);
    const all = await times(runs, () => timeRun(simulator));
    const failures = await times(Math.ceil(runs / 5), () => timeFailure(simulator));
    const by = [quantile(bare, 0.5), "a bare node"] as const;
    const own = all.map((one) => one.firstRequest + one.preparation + one.notice + one.removal);
    const unit = "ms";
    return [
      { what: "a bare node, from start to end", values: bare, unit },
      { what: "start to first request", values: all.map((one) => one.firstRequest), unit, limit: 300, by },
      {
        what: "start to asking for the group",
        values: all.map((one) => one.firstRequest + one.preparation),
        unit,
        limit: 1000,
        by,
      },
      { what: "end of the job to unregistering", values: all.map((one) => one.notice), unit, by },
      { what: "unregistering to the end of the step", values: all.map((one) => one.removal), unit, by },
      { what: "all of the task's own", values: own, unit, by },
      { what: "a crash shown, to being told", values: failures, unit, limit: 15_000, by },
      { what: "extension", values: [extensionSize()], unit: "kB", limit: 1000 },
    ];
  } finally {
    await simulator.stop();
  }
}

function conditions(): Condition[] {
  const delays: Condition[] = values.delay
    ? [{ name: `${values.delay} ms a request`, delayMs: Number(values.delay) }]
    : [];
  const shorter = Number(values.shorter);
  const paceName = shorter === 1 ? "recorded pace" : `recorded pace, Azure's times divided by ${shorter}`;
  const paces: Condition[] = values.pace ? [{ name: paceName, paceShorter: shorter }] : [];
  return [{ name: "no delay" }, ...delays, ...paces];
}

function ways(): Way[] {
  if (!hasAzureCli())
    console.log("Without the script of the Azure CLI: there is none in .tools/az (npm run test:az installs it).");
  return [
    runWay(),
    templateWay(),
    standbyWay(),
    ...(hasAzureCli() ? azureCliWays() : []),
    ...(values.against === undefined ? [] : [commandWay("against", values.against, hasAzureCli())]),
  ];
}

const folder = join(repository, "bench");
mkdirSync(folder, { recursive: true });

/** Each part as soon as it is there: the next one may fail. */
function keep(parts: Readonly<Record<string, unknown>>): void {
  writeFileSync(join(folder, "results.json"), `${JSON.stringify(parts, undefined, 2)}\n`);
}

async function compared(): Promise<ConditionResult[]> {
  const all = ways();
  try {
    const results: ConditionResult[] = [];
    for (const condition of conditions()) {
      results.push(await compare(condition, all, runs, tellRound));
      keep({ ways: results });
    }
    return results;
  } finally {
    for (const way of all) way.close?.();
  }
}

const results = await compared();
function tell(title: string, rows: readonly string[][]): void {
  console.log(`\n${title}`);
  for (const line of table(rows)) console.log(line);
}

// The last condition is the one that is most like the real one.
const shown = results.at(-1);
for (const theme of ["light", "dark"] as const)
  if (shown) writeFileSync(join(folder, `comparison-${theme}.svg`), chart(shown, theme));
tell(
  `${runs} rounds, the ways one after another, in the simulator: medians in ms, and their ratio to the first way`,
  comparison(results),
);

const rows = await measured();
const head = ["", "median", "99 of 100", "limit", "of limit", ""];
tell("What the task takes by itself", [head, ...rows.map(cells)]);

if (values.many) {
  const crowds = await many(tellRound);
  keep({ ways: results, manyAgents: crowds });
  tell("Many agents at once, and their ratio to a single one", manyTable(crowds));
}
process.exit(rows.some(isOver) ? 1 : 0);
