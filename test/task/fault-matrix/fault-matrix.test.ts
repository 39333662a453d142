// A few cells of the matrix that `npm run test:faults` plays in full: a rude answer never costs a job, leaves nothing that
// a sweep does not find, and is told as what it is.
import assert from "node:assert/strict";
import type { LoggedRequest } from "../../../simulator/http/request-log.ts";
import { startSimulator } from "../../../simulator/start-simulator.ts";
import { perfect } from "../check/set-up.ts";
import { stepIn } from "../harness/in-simulator.ts";
import { runTask } from "../harness/run-task.ts";
import { type Cell, named } from "./cell.ts";
import { allCells, playAll, type Result, sample } from "./matrix.ts";
import { type Point, requests, sent } from "./requests.ts";

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

/** Steps that send all that the task asks for without a fault. */
const steps: readonly Readonly<Record<string, string>>[] = [
  { action: "check", standbyPool: "agents" },
  { action: "create", timeoutAgentOnline: "0", standbyPool: "agents" },
  { action: "create", timeoutAgentOnline: "0", azureSubscription: "azure-federated" },
  { action: "create", skipContainerDeletionOnError: "true" },
  { action: "run", agentPool: "shop-agents" },
  { action: "sweep" },
];

describe("The table of requests", () => {
  it("has every request that these steps send", async function () {
    this.timeout(120_000);
    const simulator = await startSimulator();
    try {
      perfect(simulator);
      await simulator.standbyPool().ready(1);
      simulator.arm.inject("crashes-at-start");
      const withRegistry = { imageName: simulator.ready.privateImage, containerRegistry: "registry-federated" };
      for (const inputs of steps) {
        await runTask(stepIn(simulator, { ...inputs, ...(inputs.azureSubscription ? withRegistry : {}) }).start);
      }
      const points = Object.values(requests) as readonly Point[];
      const ofAgent = ({ site, url, caller = "" }: LoggedRequest) =>
        site === "downloads" || /^eph-/.test(caller) || /\/(messages|sessions)\b/.test(url);
      const unknown = simulator.requests.entries.filter((request) => {
        const { pathname, search } = new URL(request.url);
        const fits = ({ site, method = request.method, path = "" }: Point) =>
          site === request.site &&
          method === request.method &&
          (typeof path === "string" ? pathname.toLowerCase().includes(path) : path.test(pathname + search));
        return !ofAgent(request) && !points.some(fits);
      });
      const told = unknown.map(({ site, method, url }) => `${site} ${method} ${new URL(url).pathname}`);
      assert.deepEqual([...new Set(told)], []);
    } finally {
      await simulator.stop();
    }
  });

  it("knows each of its requests by a story that sends it", () => {
    const told = new Set<string>(Object.values(sent).flat());
    assert.deepEqual(
      Object.keys(requests).filter((name) => !told.has(name)),
      [],
    );
  });
});
