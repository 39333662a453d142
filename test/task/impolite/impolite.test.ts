// A few cells of the matrix that `npm run test:faults` plays in full: a rude answer never costs a job, leaves nothing that
// a sweep does not find, and is told as what it is.
import assert from "node:assert/strict";
import { startSimulator } from "../../../simulator/simulator.ts";
import { stepIn } from "../harness/in-simulator.ts";
import { runTask } from "../harness/run-task.ts";
import { type Cell, named } from "./cell.ts";
import { allCells, playAll, type Result, sample } from "./matrix.ts";
import { requests, sent } from "./requests.ts";

/** Those that were found by attack, and some by lot. */
const chosen: readonly Cell[] = [
  { story: "run", request: "agent", answer: "half a body", howOften: 2 },
  { story: "run", request: "pool", answer: "redirect to the sign-in page", howOften: 1 },
  { story: "remove", request: "agent", answer: "half a body", howOften: 2 },
  { story: "remove", request: "list of agents", answer: "sign-in page with 200", howOften: 2 },
  { story: "sweep", request: "agent", answer: "half a body", howOften: 2 },
  { story: "sweep", request: "build", answer: "401", howOften: 1 },
  { story: "post-job", request: "agent by name", answer: "half a body", howOften: 1 },
  { story: "run", request: "container group", answer: "false gzip", howOften: 1 },
  ...sample(allCells, 4, 20261127),
];

describe("A rude answer", () => {
  it("never costs a job or leaves something behind, and is told as what it is", async function () {
    this.timeout(600_000);
    const results: Result[] = [];
    await playAll(chosen, 4, 1, (result) => results.push(result));
    const red = results.flatMap(({ cell, wrong, log }) => wrong.map((what) => `${named(cell)}: ${what}\n${log}`));
    assert.deepEqual(red, []);
    assert.equal(results.length, chosen.length);
  });
});

describe("The table of requests", () => {
  it("has every request that a check and a sweep send", async () => {
    const simulator = await startSimulator();
    try {
      const points = Object.values(requests) as readonly {
        readonly site: string;
        readonly method?: string;
        readonly path?: RegExp | string;
      }[];
      for (const action of ["check", "sweep"]) await runTask(stepIn(simulator, { action }).start);
      const unknown = simulator.requests.entries.filter(({ site, method, url }) => {
        const { pathname, search } = new URL(url);
        return !points.some((point) => {
          const inPath =
            point.path === undefined ||
            (typeof point.path === "string"
              ? pathname.toLowerCase().includes(point.path.toLowerCase())
              : point.path.test(pathname + search));
          return point.site === site && (point.method ?? method) === method && inPath;
        });
      });
      assert.deepEqual(
        [...new Set(unknown.map(({ site, method, url }) => `${site} ${method} ${new URL(url).pathname}`))],
        [],
      );
    } finally {
      await simulator.stop();
    }
  });

  it("knows each of its requests by a story that sends it, or as one that only failures send", () => {
    const told = new Set<string>(Object.values(sent).flat());
    const rare = Object.keys(requests).filter((name) => !told.has(name));
    assert.deepEqual(rare, ["new key", "release", "stop", "tags", "log", "policies", "locks"]);
  });
});
