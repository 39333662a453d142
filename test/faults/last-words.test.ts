import assert from "node:assert/strict";
import { lastWords } from "../../EphemeralAgentTask/src/lifecycle/diagnosis/last-words.ts";
import { complains, ended, type Fault } from "./fault.ts";
import { Stage } from "./stage.ts";
import { noWire } from "./wire.ts";

describe("A container's last words", () => {
  it("are the last that tell of a known trouble, whatever was said after it", () => {
    const log = "curl: (6) Could not resolve host: a\ncurl: (7) Failed to connect to b\nThe container ends.";
    assert.deepEqual(lastWords(log), { line: "curl: (7) Failed to connect to b", code: "EA612" });
  });

  it("are the last that is any news, when nothing is known", () => {
    const log =
      "Preparing the image\nno space left on device\nThe listener ended with exit code 1.\nThe container ends.";
    assert.deepEqual(lastWords(log), { line: "no space left on device", code: undefined });
  });

  it("are none when the start script said only what it always says", () => {
    assert.equal(
      lastWords("The image brings the agent in /azp/agent.\nStarting the listener for one job.\n"),
      undefined,
    );
    assert.equal(lastWords(""), undefined);
  });

  it("do not count what was said long before", () => {
    const log = `Connection refused (dev.azure.com:443)\n${"working\n".repeat(100)}`;
    assert.equal(lastWords(log)?.code, undefined);
  });

  for (const healthy of [
    "2026-01-05 08:01:00Z: Listening for Jobs",
    "Downloaded 137 files in 2 s",
    "bash: warning: setlocale: LC_ALL: cannot change locale (en_US.UTF-8)",
    "cp: cannot stat '/etc/motd': No such file or directory",
    "Memory: 2 GB, out of which 1 GB is free",
  ]) {
    it(`tell of no known trouble in "${healthy}"`, () => assert.equal(lastWords(healthy)?.code, undefined));
  }

  it("are one line of plain text, and not a long one", () => {
    const words = lastWords(`\u001b[31merror:\u001b[0m \u0007${"x".repeat(1000)}\r\n`);
    assert.match(words?.line ?? "", /^error: +x{200,299}…$/);
  });
});

describe("The log of a container", () => {
  const play = async (inject: Fault["inject"], action: "run" | "create", onlineMs: number): Promise<Stage> => {
    const stage = new Stage(noWire);
    await inject(stage);
    await stage.play({ name: "", inject, code: "EA601", cause: /^/, action, settings: { onlineMs } });
    return stage;
  };
  const reads = (stage: Stage) => {
    const { log } = stage.world.host;
    let count = 0;
    stage.world.host.log = (name, lines) => {
      count += 1;
      return log(name, lines);
    };
    return () => count;
  };

  for (const action of ["run", "create"] as const) {
    it(`is read once and shown once when the container of a \`${action}\` step has ended`, async () => {
      let count = () => 0;
      const stage = await play(
        async (each) => {
          await ended(1, "fatal: cannot start")(each);
          count = reads(each);
        },
        action,
        600_000,
      );
      assert.equal(count(), 1);
      assert.equal(stage.task.lines.filter((line) => line.startsWith("[Log of container")).length, 1);
    });

    it(`names its trouble once while \`${action}\` waits`, async () => {
      const stage = await play(complains("Connection refused (dev.azure.com:443)"), action, 120_000);
      assert.equal(stage.task.lines.filter((line) => line.includes("still waiting. EA612")).length, 1);
    });
  }

  it("is not asked for when the agent comes online soon", async () => {
    const stage = new Stage(noWire);
    stage.deployJob();
    const count = reads(stage);
    await stage.play({ name: "", inject: () => undefined, code: "EA601", cause: /^/ });
    assert.equal(count(), 0);
    assert.deepEqual(stage.task.codes, []);
  });

  it("that cannot be read leaves the failure as it is, and says so", async () => {
    const stage = new Stage(noWire);
    await ended(1, "fatal: cannot start")(stage);
    stage.world.host.log = () => Promise.reject(new Error("not allowed"));
    await stage.play({ name: "", inject: () => undefined, code: "EA601", cause: /^/ });
    assert.deepEqual(stage.task.codes, ["EA601"]);
    assert.match(stage.task.log, /the container's log could not be read \(.*not allowed/);
  });
});
