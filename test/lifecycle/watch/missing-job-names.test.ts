// Requests as the service shows them: none says the name of its job.
import assert from "node:assert/strict";
import { sweep } from "../../../EphemeralAgentTask/src/actions/sweep.ts";
import { Scenario, type Step } from "../../actions/in-memory-step.ts";
import { MemoryTask } from "../../in-memory/memory-task-host.ts";
import { settings } from "../../in-memory/valid-settings.ts";

/** Everything that a step told, and what it ended with. */
async function told(s: Scenario, step: Step): Promise<string[]> {
  const end = await s.finish(step);
  const thrown = "thrown" in end ? String(end.thrown) : "message" in end ? end.message : "";
  const { lines, warnings, errors } = step.task;
  return [...lines, ...warnings, ...errors, thrown].filter((line) => line !== "");
}

/** No line has a gap where a name would be, and at least one is about a job. */
function assertNamed(lines: readonly string[], about: RegExp): void {
  assert.ok(
    lines.some((line) => about.test(line)),
    lines.join("\n"),
  );
  for (const line of lines) assert.doesNotMatch(line, /job ''|\bjob {2}|: ''/);
}

const nameless = { runId: "101", name: "" };
const ours = { ...nameless, demands: ["EphemeralAgent.Run -equals 101"] };
const other = { runId: "102", name: "" };
const maintenance = { ...nameless, planType: "PoolMaintenance", demands: [] };

function begin(): Scenario {
  const s = new Scenario();
  s.world.placeholder();
  s.timeline({ deploy: "inProgress" });
  return s;
}

describe("Where no request says the name of its job", () => {
  it("'run' tells of the job that it served and that failed", async () => {
    const s = begin();
    s.world.queue({ ...nameless, ends: "failed" });
    assertNamed(await told(s, s.step("run")), /a job of run run 101: failed/);
  });

  it("'run' tells which other job took its agent", async () => {
    const s = begin();
    s.world.queue(other);
    s.world.queue(nameless);
    assertNamed(await told(s, s.step("run")), /taken by a job of run run 102/);
  });

  it("'run' tells which job still waits when its agent fails", async () => {
    const s = begin();
    s.world.queue(nameless);
    s.world.behaviour.fate = "crashes";
    assertNamed(await told(s, s.step("run")), /EA805 [\s\S]*a job of run run 101/);
  });

  it("'run' tells under which job its agent was lost", async () => {
    const s = begin();
    s.world.queue(nameless);
    s.world.behaviour.fate = "dies under the job";
    assertNamed(await told(s, s.step("run")), /EA606 [\s\S]*a job of run run 101; exit code 137/);
  });

  it("'run' tells which job demands what its agent lacks", async () => {
    const s = begin();
    s.world.addRecord("other", { EphemeralAgent: "true", special: "true" });
    s.world.queue({ ...nameless, demands: ["EphemeralAgent", "special"] });
    assertNamed(
      await told(s, s.step("run", { idleMs: 60_000 })),
      /EA706 [\s\S]*a job of run run 101 demands 'special'/,
    );
  });

  it("'run' tells which job its agent does not match, where no demands are shown", async () => {
    const s = begin();
    s.world.addRecord("other", { EphemeralAgent: "true", special: "true" });
    s.world.queue({ ...nameless, demands: ["EphemeralAgent", "special"] });
    const { jobRequests } = s.world.pool;
    s.world.pool.jobRequests = async () => (await jobRequests()).map(({ demands, ...shown }) => shown);
    assertNamed(
      await told(s, s.step("run", { idleMs: 60_000 })),
      /EA706 [\s\S]*a job of run run 101 is queued, but the agent is not among/,
    );
  });

  it("'run' tells which job waits for a slot, in the service's words or without any", async () => {
    for (const [note, words] of [
      ["The maximum number of requests is running", /a job of run run 101: The maximum number of requests/],
      ["", /a job of run run 101 is queued although eph-101-\w+ is online/],
    ] as const) {
      const s = begin();
      s.world.queue(nameless);
      s.world.parallelJobs = { limit: 0, note };
      assertNamed(await told(s, s.step("run", { idleMs: 60_000 })), words);
    }
  });

  it("'run' tells what its agent waited for", async () => {
    const s = begin();
    s.world.queue({ ...nameless, demands: ["EphemeralAgent"] });
    s.world.parallelJobs = { limit: 0, note: "no slot is free" };
    assertNamed(await told(s, s.step("run")), /a job of run run 101/);
  });

  for (const [what, job, running] of [
    ["job", other, /: running a job of run run 102$/],
    ["maintenance", { ...maintenance, runId: "9" }, /: running a job of run run 9$/],
  ] as const)
    it(`'create' and 'remove' tell which ${what} took an agent`, async () => {
      const s = begin();
      s.world.queue({ ...job, lastsMs: 90_000 });
      assertNamed(await told(s, s.step("create")), /took it; creating another agent/);
      s.world.queue(ours);
      assertNamed(await told(s, s.step("remove")), running);
    });

  it("'remove' tells which job of its run still waits", async () => {
    const s = begin();
    await told(s, s.step("create", { onlineMs: 0 }));
    s.world.queue(maintenance);
    s.world.queue(ours);
    assertNamed(await told(s, s.step("remove")), /; a job of this run waits/);
  });

  it("'sweep' tells which job keeps an agent busy", async () => {
    const s = begin();
    await told(s, s.step("create", { onlineMs: 0 }));
    s.world.queue({ ...ours, lastsMs: 3_600_000 });
    await s.clock.run(s.clock.sleep(60_000));
    s.world.over.add("101");
    const task = new MemoryTask();
    const { clock, world } = s;
    const later = {
      ...settings(),
      minimumAgeMs: 0,
      dryRun: false,
      run: { ...settings().run, runId: "103", jobId: "own-job-103" },
    };
    const ports = { clock, task, host: world.host, pool: world.pool, run: world.run };
    await clock.run(sweep(ports, later));
    assertNamed([...task.lines, ...task.warnings, ...task.errors], /busy with a job of run run 101/);
  });
});
