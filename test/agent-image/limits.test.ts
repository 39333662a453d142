import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { containers, listensForever } from "./container.ts";

const startsAJob = 'echo job >"$WORKER_DIAGLOGPATH/Worker_20260101-000000-utc.log"';
const worksFor = (seconds: number) => ({
  "Agent.Worker": `sleep ${seconds}`,
  "Agent.Listener": `${startsAJob}; "$AGENT/bin/Agent.Worker" spawnclient; ${listensForever}`,
});
const ignoresTerm = `trap '' TERM; ${listensForever}`;

describe("the start script, watching the listener", () => {
  const container = containers();

  it("ends a listener that no job came to", async () => {
    const { exitCode, output } = await container({
      startEnv: { IDLE_SECONDS: 1 },
      baked: { "Agent.Listener": listensForever },
    }).run();
    assert.equal(exitCode, 0);
    assert.match(output, /No job came within 1 seconds\. .*\nThe listener ended with exit code 143\./);
  });

  it("does not count as idle what has a job, however long it takes", async () => {
    const { output } = await container({
      startEnv: { IDLE_SECONDS: 1 },
      baked: { "Agent.Listener": `${startsAJob}; sleep 3` },
    }).run();
    assert.doesNotMatch(output, /No job came/);
    assert.match(output, /exit code 0\./);
  });

  it("does not take another container's job for its own", async () => {
    const other = container({ baked: worksFor(600) }).start();
    await other.printed("Starting the listener");
    const idle = container({ startEnv: { IDLE_SECONDS: 1 }, baked: { "Agent.Listener": listensForever } });
    const { output } = await idle.run();
    assert.match(output, /No job came/);
    other.kill("SIGKILL");
    await other.ended;
  });

  it("ends the listener when the time of the container is over, even with a job", async () => {
    const { exitCode, output } = await container({ startEnv: { LIFETIME_SECONDS: 2 }, baked: worksFor(600) }).run();
    assert.equal(exitCode, 0);
    assert.match(output, /The container has had its 2 seconds/);
  });

  it("kills a listener that does not end when it is told to", async () => {
    const { exitCode, output } = await container({
      startEnv: { IDLE_SECONDS: 1, STOP_GRACE_SECONDS: 1 },
      baked: { "Agent.Listener": ignoresTerm },
    }).run();
    assert.equal(exitCode, 0);
    assert.match(output, /exit code 137\./);
  });

  it("counts the container's time from its first start, over restarts", async () => {
    const restarted = container({
      startEnv: { LIFETIME_SECONDS: 60 },
      baked: { "Agent.Listener": 'touch "$SEEN/run"' },
    });
    writeFileSync(join(restarted.state, "first-start"), "1000");
    const { exitCode, output } = await restarted.run();
    assert.equal(exitCode, 0);
    assert.match(output, /The container's time is over/);
    assert.ok(!restarted.listenerRan);
  });

  it("ends a listener that stays although its job is over, and not while the job runs", async () => {
    const { exitCode, output } = await container({
      startEnv: { FINISH_GRACE_SECONDS: 1 },
      baked: { ...worksFor(3), "Agent.Worker": 'sleep 3; touch "$SEEN/finished"; echo "job finished"' },
    }).run();
    assert.equal(exitCode, 0);
    assert.match(output, /job finished\nThe job ended \d+ seconds ago, but the listener stays/);
  });

  it("passes a request to stop on to the listener and waits for it", async () => {
    const started = container({
      baked: {
        // Forks nothing once it listens: a child of that moment might answer the signal, too.
        "Agent.Listener": `exec 3<> <(:); trap 'echo "session deleted"; exit 0' TERM; echo listening; while :; do read -rt 1 -u 3; done`,
      },
    }).start();
    await started.printed("listening");
    started.kill("SIGTERM");
    const { exitCode, output } = await started.ended;
    assert.equal(exitCode, 0);
    assert.match(output, /asked to stop.*\nsession deleted\nThe listener ended with exit code 0\./);
  });

  it("starts no updated agent once it is asked to stop", async () => {
    const started = container({
      startEnv: { UPDATE_SECONDS: 3 },
      baked: { "Agent.Listener": 'echo run >>"$SEEN/runs"; exit 4' },
    }).start();
    await started.printed("The agent is updating itself");
    started.kill("SIGTERM");
    const { exitCode, output } = await started.ended;
    assert.equal(exitCode, 0);
    assert.match(output, /is asked to stop/);
    assert.equal(output.match(/Starting the listener/g)?.length, 1, output);
  });
});
