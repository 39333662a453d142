// Each fault is shown as the service shows it, and must be named by its code, with the service's words and the next step,
// within seconds.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { catalog } from "../../EphemeralAgentTask/src/errors/catalog.ts";
import { agentFaults } from "./cases/agent-faults.ts";
import { azureFaults } from "./cases/azure-faults.ts";
import { refusalFaults } from "./cases/azure-refusals.ts";
import { wayFaults } from "./cases/connectivity-faults.ts";
import { containerFaults } from "./cases/container-start-faults.ts";
import { devopsFaults } from "./cases/devops-faults.ts";
import { imageFaults } from "./cases/image-faults.ts";
import { jobFaults } from "./cases/job-faults.ts";
import { networkFaults } from "./cases/network-faults.ts";
import { policyFaults } from "./cases/policy-faults.ts";
import { signInFaults } from "./cases/sign-in-faults.ts";
import { standbyFaults } from "./cases/standby-faults.ts";
import type { Fault } from "./fault.ts";
import { Wire } from "./fault-answers.ts";
import { Stage } from "./fault-scenario.ts";

const table: readonly Fault[] = [
  ...azureFaults,
  ...refusalFaults,
  ...policyFaults,
  ...signInFaults,
  ...networkFaults,
  ...imageFaults,
  ...devopsFaults,
  ...containerFaults,
  ...agentFaults,
  ...jobFaults,
  ...standbyFaults,
  ...wayFaults,
];

/** Azure, network, image, Azure DevOps, agent, job, the way to them: the rest is about inputs and this task itself. */
const groups = /^EA([2-7]|91)/;

/** Virtual milliseconds from the service's sign to the line in the log. */
const soonMs = 15_000;

describe("The catalogue", () => {
  it("has a fault of the table for every code of a service", () => {
    const codes = Object.keys(catalog).filter((code) => groups.test(code));
    const covered = new Set<string>(table.map(({ code }) => code));
    assert.deepEqual(
      codes.filter((code) => !covered.has(code)),
      [],
    );
    console.log(`      ${table.length} faults covered, under ${covered.size} codes`);
    assert.ok(covered.size >= 25);
    assert.equal(new Set(table.map(({ name }) => name)).size, table.length, "each fault has its own name");
  });

  it("plays every file of faults", async () => {
    const own = await readFile(new URL(import.meta.url), "utf8");
    const files = await readdir(new URL("cases/", import.meta.url));
    assert.deepEqual(
      files.filter((file) => !own.includes(`"./cases/${file}"`)),
      [],
    );
  });
});

describe("Within 15 s the log names", () => {
  let wire: Wire;
  before(async () => {
    wire = await Wire.open();
  });
  after(() => wire.close());

  for (const fault of table) {
    it(`${fault.code} ${fault.name}`, async () => {
      const stage = new Stage(wire);
      await fault.inject(stage);
      await stage.play(fault);
      const { task } = stage;
      const log = task.told.map(({ text }) => text).join("\n");
      const named = stage.named(fault.code);
      assert.ok(named, `nothing names ${fault.code}:\n${log}`);
      const { title, next } = catalog[fault.code];
      const parts = /EA\d{3} (?:eph-101-\w+: )?(.*)\n {2}Cause: (.*)\n {2}Next step: (.*)/s.exec(named.text);
      const [, told, cause = "", step] = parts ?? [];
      assert.equal(told, title);
      assert.match(cause, fault.cause);
      assert.equal(step, next);
      assert.ok(task.codes.includes(fault.code), `it is not what the step ends with:\n${log}`);
      assert.ok(stage.shownAt !== undefined, "the service never showed it");
      const seconds = (named.at - stage.shownAt) / 1000;
      assert.ok(seconds >= 0 && seconds * 1000 <= soonMs, `named ${seconds} s after the service showed it:\n${log}`);
      if (!fault.leaves) assert.deepEqual(stage.left, [], "nothing may be left");
    });
  }

  it("what the service says of a queued job arrives from the wire", async () => {
    const queued = {
      requestId: 9,
      jobName: "deploy",
      owner: { id: 101, name: "20260105.1" },
      demands: ["EphemeralAgent", "Agent.Version -gtVersion 2.163.1"],
      matchedAgents: [{ id: 4, name: "placeholder" }],
      statusMessage: "This agent request is not running",
    };
    const [request] = await wire.jobRequests({ count: 1, value: [queued] });
    assert.deepEqual(request?.demands, queued.demands);
    assert.deepEqual(request?.matchedAgentIds, [4]);
    assert.equal(request?.statusMessage, queued.statusMessage);
  });
});
