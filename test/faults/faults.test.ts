// Each fault is shown as the service shows it, and must be named by its code, with the service's words and the next step,
// within seconds.
import assert from "node:assert/strict";
import { catalogue } from "../../EphemeralAgentTask/src/errors.ts";
import { agentFaults } from "./agent.ts";
import { azureFaults } from "./azure.ts";
import { containerFaults } from "./container-start.ts";
import { devopsFaults } from "./devops.ts";
import type { Fault } from "./fault.ts";
import { imageFaults } from "./image.ts";
import { jobFaults } from "./jobs.ts";
import { networkFaults } from "./network.ts";
import { policyFaults } from "./policies.ts";
import { refusalFaults } from "./refusals.ts";
import { signInFaults } from "./sign-in.ts";
import { Stage } from "./stage.ts";
import { standbyFaults } from "./standby.ts";
import { wayFaults } from "./way.ts";
import { Wire } from "./wire.ts";

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
    const codes = Object.keys(catalogue).filter((code) => groups.test(code));
    const covered = new Set<string>(table.map(({ code }) => code));
    assert.deepEqual(
      codes.filter((code) => !covered.has(code)),
      [],
    );
    console.log(`      ${table.length} faults covered, under ${covered.size} codes`);
    assert.ok(covered.size >= 25);
    assert.equal(new Set(table.map(({ name }) => name)).size, table.length, "each fault has its own name");
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
      const { title, next } = catalogue[fault.code];
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
