import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Container, containers, executable } from "./fixture/local-container.ts";

const counts = 'echo run >>"$SEEN/runs"';
const startsAJob = 'echo job >"$WORKER_DIAGLOGPATH/Worker_20260101-000000-utc.log"';
const refused = /A job has already been given to this container/;

const runs = (container: Container) => container.read("seen/runs").trim().split("\n").length;

/**
 * A listener that ends with `code` and is exchanged afterwards, as the agent's own update script does it.
 * @param seconds how long the exchange takes
 */
function updates(container: Container, code: number, seconds: number, next: string): Record<string, string> {
  const bin = join(container.root, "agent/bin.new");
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, "Agent.Listener"), executable(container, next), { mode: 0o755 });
  const exchange = `while [ -e /proc/$$ ]; do sleep 0.05; done; sleep ${seconds}; mv "$AGENT/bin" "$AGENT/bin.old"; ln -s "$AGENT/bin.new" "$AGENT/bin"`;
  return { "Agent.Listener": `${counts}; (${exchange}) & exit ${code}` };
}

describe("the start script, keeping to one job", () => {
  const container = containers();

  it("starts the listener again when the container is restarted before a job came", async () => {
    const started = container({
      baked: { "Agent.Listener": `${counts}; touch "$AGENT_DIAGLOGPATH/Agent_1.log"; exit 1` },
    });
    await started.run();
    const { exitCode } = await started.run();
    assert.equal(exitCode, 0);
    assert.equal(runs(started), 2);
  });

  it("refuses a second start once a job has been started, whatever became of it", async () => {
    const started = container({ baked: { "Agent.Listener": `${counts}; ${startsAJob}; kill -KILL $$` } });
    await started.run();
    const { exitCode, output } = await started.run();
    assert.equal(exitCode, 0);
    assert.match(output, refused);
    assert.equal(runs(started), 1);
  });

  for (const [what, removes] of [
    ["each of the agent's logs", 'rm -f "$WORKER_DIAGLOGPATH"/*'],
    ["the folder of the agent's logs", 'rm -r "$AGENT_DIAGLOGPATH"'],
    ["and renews the folder of its logs", 'rm -r "$WORKER_DIAGLOGPATH"; mkdir "$WORKER_DIAGLOGPATH"'],
    [
      "the logs, and sets the time of their folder back",
      'rm -f "$WORKER_DIAGLOGPATH"/*; touch -d 2020-01-01 "$WORKER_DIAGLOGPATH"',
    ],
  ] as const) {
    it(`refuses it when a job of an instant removed ${what}, and the container went down with it`, async () => {
      // The clock stands, so that nobody looks at the job while it runs.
      const started = container({
        ownClock: true,
        baked: { "Agent.Listener": `${counts}; ${startsAJob}; ${removes}; kill -KILL $PPID` },
      });
      await started.run();
      assert.ok(!started.has("state/job-started"));
      const { exitCode, output } = await started.run();
      assert.equal(exitCode, 0);
      assert.match(output, refused);
      assert.equal(runs(started), 1);
    });
  }

  it("refuses it after a listener that ended as it does after its job, whatever can be seen of that", async () => {
    const started = container({ ownClock: true, baked: { "Agent.Listener": counts } });
    await started.run();
    const { output } = await started.run();
    assert.match(output, refused);
  });

  it("does not take it for a job when the container goes down before one came", async () => {
    const started = container({ ownClock: true, baked: { "Agent.Listener": `${counts}; kill -KILL $PPID` } });
    for (const time of [1, 2, 3]) {
      await started.run();
      assert.equal(runs(started), time);
    }
  });

  for (const [code, seconds] of [
    [3, 0],
    [4, 3],
  ] as const) {
    it(`waits for the new agent after exit code ${code} and starts it with the same arguments`, async () => {
      const started = container();
      started.bake(updates(started, code, seconds, `${counts}; echo "$*" >"$SEEN/arguments"`));
      const { exitCode, output } = await started.run();
      assert.equal(exitCode, 0);
      assert.match(output, /The agent is updating itself/);
      assert.equal(runs(started), 2);
      assert.equal(started.read("seen/arguments"), "run --once\n");
      assert.match(output, /exit code 0\.\nThe container ends\.\n$/);
    });
  }

  it("does not start an updated agent again after it was given a job", async () => {
    const started = container();
    started.bake({ "Agent.Listener": `${counts}; ${startsAJob}; exit 4` });
    const { exitCode, output } = await started.run();
    assert.equal(exitCode, 0);
    assert.match(output, /A job has been given to this agent\. It is not started again/);
    assert.equal(runs(started), 1);
  });

  it("gives up on an agent that keeps updating itself", async () => {
    const started = container({
      startEnv: { UPDATE_SECONDS: 0 },
      baked: { "Agent.Listener": `${counts}; exit 4` },
    });
    const { exitCode, output } = await started.run();
    assert.equal(exitCode, 0);
    assert.match(output, /has updated itself three times/);
    assert.equal(runs(started), 4);
  });

  it("says so when an update leaves no agent", async () => {
    const started = container({
      startEnv: { UPDATE_SECONDS: 1 },
      baked: { "Agent.Listener": `${counts}; rm -r "$AGENT/bin"; exit 4` },
    });
    const { exitCode, output } = await started.run();
    assert.equal(exitCode, 0);
    assert.match(output, /The update left no agent behind/);
  });
});
