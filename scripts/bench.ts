// npm run bench [-- --runs N]: what the task takes by itself, held against its limits and against a bare node.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startSimulator } from "../simulator/simulator.ts";
import { timeBareNode, timeFailure, timeRun } from "../test/bench/measure.ts";
import { cells, isOver, quantile, type Row } from "../test/bench/numbers.ts";
import { repository } from "./bundle.ts";
import { table } from "./demo/terminal.ts";

const { values } = parseArgs({ options: { runs: { type: "string", default: "30" } } });
const runs = Number(values.runs);
if (!Number.isInteger(runs) || runs < 1) throw new Error(`--runs is '${values.runs}'; allowed: a number from 1`);

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
    const own = all.map((one) => one.firstRequest + one.preparation + one.notice + one.tearDown);
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
      { what: "unregistering to the end of the step", values: all.map((one) => one.tearDown), unit, by },
      { what: "all of the task's own", values: own, unit, by },
      { what: "a crash shown, to being told", values: failures, unit, limit: 15_000, by },
      { what: "extension", values: [extensionSize()], unit: "kB", limit: 1000 },
    ];
  } finally {
    await simulator.stop();
  }
}

console.log(`${runs} runs, one after another, in the simulator`);
const rows = await measured();
const head = ["", "median", "99 of 100", "limit", "of limit", ""];
for (const line of table([head, ...rows.map(cells)])) console.log(line);
process.exit(rows.some(isOver) ? 1 : 0);
