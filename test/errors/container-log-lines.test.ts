import assert from "node:assert/strict";
import { lastWords } from "../../EphemeralAgentTask/src/errors/mapping/container-log-lines.ts";
import { complains, ended, type Fault } from "../faults/fault.ts";
import { noWire } from "../faults/fault-answers.ts";
import { Stage } from "../faults/fault-scenario.ts";

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
      ".NET, whose inner cause is not known",
      "Unhandled exception. System.InvalidOperationException: it is broken\n ---> System.IO.IOException: the pipe is odd\n   at A.B() in /x.cs:line 3\n   --- End of inner exception stack trace ---\n   at C.D()\n/azp/entry: line 3:    12 Aborted                 (core dumped) x\nThe listener ended with exit code 134.\nThe container ends.",
      "---> System.IO.IOException: the pipe is odd",
      undefined,
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
    [
      "Node that lacks a module",
      "node:internal/modules/cjs/loader:1147\n  throw err;\n  ^\n\nError: Cannot find module '/azp/x.js'\n    at Module._resolveFilename (node:internal/modules/cjs/loader:1144:15)\n    at node:internal/main/run_main_module:28:49 {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: []\n}\n\nNode.js v20.11.0\n",
      "Error: Cannot find module '/azp/x.js'",
      undefined,
    ],
    [
      "Node that lacks a module of a module",
      "Error: Cannot find module 'left'\nRequire stack:\n- /opt/x.js\n    at Function.x (node:internal/modules/cjs/loader:1144:15) {\n  code: 'MODULE_NOT_FOUND',\n  requireStack: [ '/opt/x.js' ]\n}\n",
      "Error: Cannot find module 'left'",
      undefined,
    ],
    [
      "Java",
      'Exception in thread "main" java.lang.IllegalStateException: no config\n\tat com.x.Main.main(Main.java:5)\nCaused by: java.io.IOException: config missing\n\tat com.x.Config.read(Config.java:9)\n\t... 12 more\n',
      "Caused by: java.io.IOException: config missing",
      undefined,
    ],
    [
      "Go, of nothing where something belongs",
      "panic: runtime error: invalid memory address or nil pointer dereference\n[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x1]\n\ngoroutine 1 [running]:\nmain.main()\n\t/tmp/x.go:5 +0x1d\nexit status 2\n",
      "panic: runtime error: invalid memory address or nil pointer dereference",
      undefined,
    ],
    [
      "Rust",
      "thread 'main' panicked at src/main.rs:2:5:\nit is broken\nstack backtrace:\n   0: rust_begin_unwind\n             at /rustc/9fc6b4312/library/std/src/panicking.rs:665:5\n   1: core::panicking::panic_fmt\nnote: run with `RUST_BACKTRACE=1` environment variable to display a backtrace\n",
      "thread 'main' panicked at src/main.rs:2:5: it is broken",
      undefined,
    ],
    [
      "Ruby",
      "x.rb:1:in `foo': it is broken (RuntimeError)\n\tfrom x.rb:3:in `<main>'\n",
      "x.rb:1:in `foo': it is broken (RuntimeError)",
      undefined,
    ],
    [
      "PowerShell",
      "Get-Item: /x.ps1:1\nLine |\n   1 | Get-Item /nowhere\n     | ~~~~~~~~~~~~~~~~~\n     | Cannot find path '/nowhere' because it does not exist.\n",
      "Cannot find path '/nowhere' because it does not exist.",
      undefined,
    ],
    [
      "Windows PowerShell",
      "Get-Item : Cannot find path 'C:\\nowhere' because it does not exist.\r\nAt C:\\x.ps1:1 char:1\r\n+ Get-Item C:\\nowhere\r\n+ ~~~~~~~~~~~~~~~~~~~\r\n    + CategoryInfo          : ObjectNotFound: (C:\\nowhere:String) [Get-Item], ItemNotFoundException\r\n    + FullyQualifiedErrorId : PathNotFound,Microsoft.PowerShell.Commands.GetItemCommand\r\n",
      "Get-Item : Cannot find path 'C:\\nowhere' because it does not exist.",
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
