import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ContainerOptions, containers, listensForever, ownNamespace } from "./fixture/local-container.ts";

const startsAJob = 'echo job >"$WORKER_DIAGLOGPATH/Worker_20260101-000000-utc.log"';
/** A worker that is there until a test makes the file `seen/go`. */
const works = 'until [ -e "$SEEN/go" ]; do read -rt 0.05 <> <(:); done; true';
const withJob = {
  "Agent.Worker": works,
  "Agent.Listener": `${startsAJob}; "$AGENT/bin/Agent.Worker" spawnclient & echo listening; ${listensForever}`,
};
/** As a bash of its own, since what it becomes would not keep the trap. */
const ignoresTerm = "trap '' TERM; echo listening; while :; do read -rt 1 <> <(:); done";

if (ownNamespace) {
  describe("the start script, as a container's first process", () => {
    const container = containers();

    it("ends at its limits although a job that runs as root kills and stops all that it can", async () => {
      const kills = 'cd /proc; for id in [0-9]*; do [ "$id" = $$ ] || kill -KILL "$id"; done 2>/dev/null';
      const hostile = `trap '' TERM; ${kills}; kill -STOP 1; rm -r "$AGENT/../../state"; echo done; while :; do read -rt 1 <> <(:); done`;
      const image = container({
        firstProcess: true,
        ownClock: true,
        startEnv: { LIFETIME_SECONDS: 600, STOP_GRACE_SECONDS: 30 },
        environment: { EPHEMERAL_AGENT_USER: "root" },
        baked: { "Agent.Listener": hostile },
      });
      const started = image.start();
      await started.printed("done");
      await image.passTime(started.ended);
      const { exitCode, output } = await started.ended;
      assert.equal(exitCode, 0);
      assert.match(output, /The container has had its 600 seconds\..*\nThe listener ended with exit code 137\./);
    });
  });
}

describe("the start script, watching the listener", () => {
  const container = containers();
  const image = (options: ContainerOptions) => container({ ownClock: true, ...options });
  const listens = { "Agent.Listener": `echo listening; ${listensForever}` };

  it("ends a listener that no job came to", async () => {
    const idle = image({ startEnv: { IDLE_SECONDS: 60 }, baked: listens });
    const started = idle.start();
    await started.printed("listening");
    idle.setClock(1_060);
    const { exitCode, output } = await started.ended;
    assert.equal(exitCode, 0);
    assert.match(output, /No job came within 60 seconds\. .*\nThe listener ended with exit code 143\./);
  });

  it("goes by a clock that nobody sets, not by the date", async () => {
    const limits = { IDLE_SECONDS: 1, LIFETIME_SECONDS: 1 };
    const standing = image({ startEnv: limits, baked: { "Agent.Listener": "read -rt 2 <> <(:); exit 0" } });
    const { output } = await standing.run();
    assert.match(output, /^The listener ended with exit code 0\.$/m, "for the clock stands");
    assert.doesNotMatch(output, /is being ended/);
  });

  it("does not count as idle what has a job, however long it takes", async () => {
    const busy = image({ startEnv: { IDLE_SECONDS: 60 }, baked: withJob });
    const started = busy.start();
    await started.printed("listening");
    busy.setClock(1_100);
    await busy.made("state/job-started");
    busy.setClock(1_200);
    writeFileSync(join(busy.seen, "go"), "");
    await busy.passTime(started.ended);
    const { output } = await started.ended;
    assert.match(output, /The job ended \d+ seconds ago, but the listener stays/);
    assert.doesNotMatch(output, /No job came/);
  });

  it("does not take another container's job for its own", async () => {
    const other = image({ baked: withJob }).start();
    await other.printed("listening");
    const idle = image({ startEnv: { IDLE_SECONDS: 60 }, baked: listens });
    const started = idle.start();
    await started.printed("listening");
    idle.setClock(1_060);
    const { output } = await started.ended;
    assert.match(output, /No job came/);
    other.kill("SIGKILL");
    await other.ended;
  });

  it("ends the listener when the time of the container is over, even with a job", async () => {
    const busy = image({ startEnv: { LIFETIME_SECONDS: 600 }, baked: withJob });
    const started = busy.start();
    await started.printed("listening");
    busy.setClock(1_600);
    const { exitCode, output } = await started.ended;
    assert.equal(exitCode, 0);
    assert.match(output, /The container has had its 600 seconds/);
  });

  it("kills a listener that does not end when it is told to", async () => {
    const deaf = image({ startEnv: { IDLE_SECONDS: 60 }, baked: { "Agent.Listener": ignoresTerm } });
    const started = deaf.start();
    await started.printed("listening");
    deaf.setClock(1_060);
    await started.printed("is being ended");
    deaf.setClock(1_090);
    const { exitCode, output } = await started.ended;
    assert.equal(exitCode, 0);
    assert.match(output, /exit code 137\./);
  });

  it("counts the container's time from its first start, over restarts", async () => {
    const restarted = image({
      startEnv: { LIFETIME_SECONDS: 60 },
      baked: { "Agent.Listener": 'touch "$SEEN/run"; exit 1' },
    });
    await restarted.run();
    restarted.setClock(1_060);
    const { exitCode, output } = await restarted.run();
    assert.equal(exitCode, 0);
    assert.match(output, /The container has had its 60 seconds\. Nothing is started/);
    assert.equal(output.match(/Starting the listener/), null);
  });

  for (const [what, mark] of [
    ["is of another machine", "400 another-boot-of-another-machine"],
    ["is in the future", "5000"],
    ["is no number", "soon"],
    ["is empty", ""],
  ] as const) {
    it(`begins to count anew when the time of the first start ${what}`, async () => {
      const moved = image({ startEnv: { LIFETIME_SECONDS: 60 }, baked: { "Agent.Listener": "exit 1" } });
      writeFileSync(join(moved.state, "first-second"), mark);
      const { output } = await moved.run();
      assert.match(output, /Starting the listener/);
      assert.match(moved.read("state/first-second"), /^1000 /);
    });
  }

  it("passes a request to stop on to the listener and waits for it", async () => {
    const started = image({
      baked: {
        // Forks nothing once it listens: a child of that moment might answer the signal, too.
        "Agent.Listener": `exec 3<> <(:); trap 'echo "session deleted"; exit 0' TERM; echo listening; while :; do read -rt 1 -u 3; done`,
      },
    }).start();
    await started.printed("listening");
    started.kill("SIGTERM");
    started.kill("SIGTERM");
    const { exitCode, output } = await started.ended;
    assert.equal(exitCode, 0);
    assert.match(output, /asked to stop.*\nsession deleted\nThe listener ended with exit code 0\./);
  });

  it("kills a listener that does not stop, also when it is asked twice", async () => {
    const deaf = image({ startEnv: { STOP_GRACE_SECONDS: 30 }, baked: { "Agent.Listener": ignoresTerm } });
    const started = deaf.start();
    await started.printed("listening");
    started.kill("SIGTERM");
    await started.printed("asked to stop");
    started.kill("SIGTERM");
    deaf.setClock(1_030);
    const { exitCode, output } = await started.ended;
    assert.equal(exitCode, 0);
    assert.match(output, /exit code 137\./);
    assert.equal(output.match(/asked to stop/g)?.length, 1);
  });

  it("starts no updated agent once it is asked to stop", async () => {
    const started = image({
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
