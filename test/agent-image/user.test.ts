import assert from "node:assert/strict";
import { chmodSync, chownSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Container, containers, neededCommands, tellsAll } from "./fixture/local-container.ts";

const nobody = 65_534;
const withAgent = { baked: { "Agent.Listener": tellsAll } };
const asNobody = { ...withAgent, environment: { EPHEMERAL_AGENT_USER: "nobody" } };

const startFileModes = ({ startFiles }: Container) =>
  readdirSync(startFiles).map((name) => statSync(join(startFiles, name)).mode & 0o077);

function assertRunsAsNobody(started: Container, output: string): void {
  assert.equal(started.read("seen/user"), `${nobody}\n`, output);
  const environment = started.read("seen/environment").split("\0");
  for (const entry of ["USER=nobody", "LOGNAME=nobody", "HOME=/nonexistent"]) assert.ok(environment.includes(entry));
  for (const file of [".agent", ".credentials", ".credentials_rsaparams"]) {
    assert.equal(statSync(join(started.root, "agent", file)).uid, nobody, `${file} belongs to the agent's user`);
  }
}

// Only root can change the user, so that the first suite has nothing to say elsewhere; CI runs as root.
if (process.getuid?.() === 0) {
  describe("the start script, run by root", () => {
    const container = containers();

    it("runs the agent as the user that the image names", async () => {
      const started = container(asNobody);
      const { output } = await started.run();
      assertRunsAsNobody(started, output);
    });

    it("does so with su where there is no setpriv", async () => {
      const started = container({ ...asNobody, commands: [...neededCommands, "su"] });
      const { output } = await started.run();
      assertRunsAsNobody(started, output);
    });

    it("lets that user write the agent's folder and its logs, but not read the start files", async () => {
      const listener = 'touch "$AGENT/_work" "$AGENT_DIAGLOGPATH/Agent.log" "$SEEN/written"';
      const started = container({ ...asNobody, baked: { "Agent.Listener": listener } });
      const { output } = await started.run();
      assert.ok(started.has("seen/written"), output);
      assert.deepEqual([...new Set(startFileModes(started))], [0], "no mode for group or others");
    });

    it("keeps that user from faking that no job has been here", async () => {
      const started = container({
        ...asNobody,
        baked: { "Agent.Listener": 'rm -f "$AGENT_DIAGLOGPATH/../first-second" 2>/dev/null; touch "$SEEN/done"' },
      });
      // As an emptyDir is.
      chmodSync(started.state, 0o777);
      await started.run();
      assert.ok(started.has("seen/done"));
      assert.ok(started.has("state/first-second"));
    });

    it("starts again after a restart, although the start files are for root only by then", async () => {
      const started = container({ ...asNobody, baked: { "Agent.Listener": "exit 1" } });
      await started.run();
      const { output } = await started.run();
      assert.match(output, /Starting the listener/);
    });

    it("takes the name in AGENT_USER as well, which the job gets besides", async () => {
      const started = container({ ...withAgent, environment: { AGENT_USER: "nobody" } });
      const { output } = await started.run();
      assertRunsAsNobody(started, output);
      assert.ok(started.read("seen/environment").split("\0").includes("AGENT_USER=nobody"));
    });

    it("leaves to the job what the step says in AGENT_USER and HOME", async () => {
      const environment = { EPHEMERAL_AGENT_USER: "nobody", AGENT_USER: "of-the-job", HOME: "/srv/of-the-job" };
      const started = container({ ...withAgent, startEnv: { KEEP_ENVIRONMENT: "AGENT_USER,HOME" }, environment });
      const { output } = await started.run();
      assert.equal(started.read("seen/user"), `${nobody}\n`, output);
      const seen = started.read("seen/environment").split("\0");
      for (const entry of ["AGENT_USER=of-the-job", "HOME=/srv/of-the-job", "USER=nobody"])
        assert.ok(seen.includes(entry));
    });

    it("stays root when it is told to, and then needs no user", async () => {
      const started = container({ ...withAgent, environment: { EPHEMERAL_AGENT_USER: "root", HOME: "/srv" } });
      const { output } = await started.run();
      assert.equal(started.read("seen/user"), "0\n", output);
      assert.ok(started.read("seen/environment").split("\0").includes("HOME=/srv"));
      assert.doesNotMatch(output, /has no user/);
    });

    it("runs the agent as root, and says so, where there is no other user", async () => {
      const started = container(withAgent);
      const { output } = await started.run();
      assert.equal(started.read("seen/user"), "0\n");
      assert.match(output, /has no user 'agent' to change to, so the agent runs as root/);
    });

    it("starts nothing when the image names a user that it does not have", async () => {
      const started = container({ ...withAgent, environment: { EPHEMERAL_AGENT_USER: "nosuchuser" } });
      const { exitCode, output } = await started.run();
      assert.equal(exitCode, 0);
      assert.match(output, /the image has no user nosuchuser/);
      assert.ok(!started.listenerRan);
    });

    it("starts nothing when it cannot become the user that the image names", async () => {
      const started = container({ ...asNobody, commands: neededCommands });
      const { output } = await started.run();
      assert.match(output, /or neither setpriv nor su/);
      assert.ok(!started.listenerRan);
    });
  });
}

describe("the start script, run by a user of the image's own", () => {
  const container = containers();
  const user = process.getuid?.() === 0 ? nobody : (process.getuid?.() ?? nobody);

  function give(path: string, started: Container): void {
    if (process.getuid?.() === 0) chownSync(join(started.folder, path), user, user);
  }

  it("works with start files that can only be read", async () => {
    const started = container({ ...withAgent, user });
    for (const path of ["state", "azp/agent"]) give(path, started);
    for (const name of readdirSync(started.startFiles)) chmodSync(join(started.startFiles, name), 0o444);
    chmodSync(started.startFiles, 0o555);
    const { exitCode, output } = await started.run();
    assert.equal(exitCode, 0, output);
    assert.equal(started.read("seen/user"), `${user}\n`);
    chmodSync(started.startFiles, 0o755);
  });

  it("says which start file it may not read", async () => {
    const started = container({ ...withAgent, user });
    give("state", started);
    chmodSync(join(started.startFiles, "credentials.json"), 0);
    const { exitCode, output } = await started.run();
    assert.equal(exitCode, 0);
    assert.match(output, new RegExp(`credentials\\.json is missing or may not be read by user ${user}`));
  });

  it("puts an agent of its own into the state folder when it may not write the image's", async () => {
    const restarted = container({ ...withAgent, user });
    give("state", restarted);
    const own = join(restarted.state, "agent/bin");
    mkdirSync(own, { recursive: true });
    writeFileSync(join(own, "Agent.Listener"), '#!/usr/bin/env bash\necho "the own agent runs"\n', { mode: 0o755 });
    give("state/agent", restarted);
    for (const path of ["azp/agent", "azp"]) chmodSync(join(restarted.folder, path), 0o555);
    const { output } = await restarted.run();
    assert.match(output, /the own agent runs/);
    for (const path of ["azp", "azp/agent"]) chmodSync(join(restarted.folder, path), 0o755);
  });
});
