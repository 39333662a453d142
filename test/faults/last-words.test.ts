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
    const log = "Preparing the image\nthe disk is odd\nThe listener ended with exit code 1.\nThe container ends.";
    assert.deepEqual(lastWords(log), { line: "the disk is odd", code: undefined });
  });

  for (const [what, log, line, code] of [
    [
      ".NET",
      "Starting the listener for one job.\nUnhandled exception. System.IO.FileNotFoundException: The file 'a' is not there.\n   at Agent.Listener.Program.Main(String[] args) in /src/Program.cs:line 12\n   at System.Threading.Tasks.Task.Run()\nThe listener ended with exit code 134.\nThe container ends.\n",
      "Unhandled exception. System.IO.FileNotFoundException: The file 'a' is not there.",
      undefined,
    ],
    [
      ".NET, whose inner cause was the reason",
      "Unhandled exception. System.TypeInitializationException: The type initializer threw an exception.\n ---> System.DllNotFoundException: Unable to load shared library 'libssl' or one of its dependencies.\n   at Interop.Crypto.Load()\n   --- End of inner exception stack trace ---\n   at Agent.Program.Main()\nAborted (core dumped)",
      "---> System.DllNotFoundException: Unable to load shared library 'libssl' or one of its dependencies.",
      "EA621",
    ],
    [
      "Node",
      "/opt/x.js:3\nthrow new Error('it is broken');\n^\n\nError: it is broken\n    at Module._compile (node:internal/modules/cjs/loader:1554:14)\n    at /opt/x.js:3:7\n\nNode.js v20.19.0\n",
      "Error: it is broken",
      undefined,
    ],
    [
      "Python",
      "Traceback (most recent call last):\n  File \"/opt/x.py\", line 3, in <module>\nModuleNotFoundError: No module named 'a'\n",
      "ModuleNotFoundError: No module named 'a'",
      undefined,
    ],
    [
      "Go",
      "panic: it is broken\n\ngoroutine 1 [running]:\nmain.main()\n\t/src/x.go:4 +0x1d\nexit status 2\n",
      "panic: it is broken",
      undefined,
    ],
  ] as const) {
    it(`of a crash in ${what}, are the sentence that says why`, () => assert.deepEqual(lastWords(log), { line, code }));
  }

  for (const [line, code] of [
    ["The image lacks programs that the start script needs: tar, gzip.", "EA619"],
    ["The image's bash is version 4.2.46(2)-release; the start script needs 4.4 or later.", "EA619"],
    ["The image is built on musl instead of glibc, and the agent does not run on that.", "EA620"],
    ["Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by libcoreclr.so)", "EA620"],
    ["env: '/azp/agent/bin/Agent.Listener': No such file or directory", "EA620"],
    ["Process terminated. Couldn't find a valid ICU package installed on the system.", "EA621"],
    ["Agent.Listener: error while loading shared libraries: libz.so.1: cannot open shared object file", "EA621"],
    ["tar: externals/node: Cannot write: No space left on device", "EA622"],
    ["curl: (23) Failure writing output to destination", "EA622"],
  ] as const) {
    it(`tell what "${line}" is about`, () => assert.equal(lastWords(`${line}\nThe container ends.`)?.code, code));
  }

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
    await stage.play({ action, settings: { onlineMs } });
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
    await stage.play({});
    assert.equal(count(), 0);
    assert.deepEqual(stage.task.codes, []);
  });

  it("that cannot be read leaves the failure as it is, and says so", async () => {
    const stage = new Stage(noWire);
    await ended(1, "fatal: cannot start")(stage);
    stage.world.host.log = () => Promise.reject(new Error("not allowed"));
    await stage.play({});
    // The job beside `run` still waits.
    assert.deepEqual(stage.task.codes, ["EA601", "EA805"]);
    assert.match(stage.task.log, /the container's log could not be read \(.*not allowed/);
  });
});
