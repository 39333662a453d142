// The simulator's contract, from outside: a script of its own, far from this repository, that knows the ready file and
// what an agent hands to a task (facts task-conventions §2.1), and nothing else.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { builtTask } from "./harness/in-simulator.ts";
import { availableNodes, nodeBinary } from "./harness/node-versions.ts";
import { outsideScript } from "./outside-script.ts";
import { processesIn } from "./scenario/secret-search.ts";
import { besideOthers } from "./scenario/side-by-side.ts";

const main = fileURLToPath(new URL("../../simulator/main.ts", import.meta.url));

/** What the script reports of a stage of the task. */
interface Stage {
  readonly exitCode: number;
  readonly result: string | undefined;
  readonly issues: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly log: string;
}

interface Report {
  readonly stages: Readonly<Record<string, Stage>>;
  /** Names of the pool's agents, as the organization lists them, after each action. */
  readonly agents: Readonly<Record<string, readonly string[]>>;
}

/** A simulator as its command starts it, and the script that uses it. */
class Outside {
  readonly folder = mkdtempSync(join(tmpdir(), "outside-"));
  readonly #simulator: ChildProcess;
  #script: ChildProcess | undefined;

  constructor() {
    writeFileSync(join(this.folder, "script.mjs"), outsideScript);
    const files = ["--ready-file", this.#path("ready.json"), "--request-log", this.#path("requests.jsonl")];
    // What the simulator puts into a folder for temporary files of its own is told from anything else there.
    this.#simulator = spawn(process.execPath, ["--import", "tsx", main, ...files], {
      env: { ...process.env, TMPDIR: this.folder },
      stdio: ["ignore", "pipe", "inherit"],
    });
  }

  async play(node: string, ...actions: readonly string[]): Promise<Report> {
    if (!existsSync(this.#path("ready.json"))) await once(this.#simulator.stdout ?? this.#simulator, "data");
    this.#script = spawn(
      process.execPath,
      [this.#path("script.mjs"), this.#path("ready.json"), builtTask, node, ...actions],
      {
        cwd: this.folder,
        env: { PATH: process.env.PATH, HOME: this.folder },
        stdio: ["ignore", "pipe", "inherit"],
        detached: true,
      },
    );
    let text = "";
    this.#script.stdout?.on("data", (chunk) => {
      text += chunk;
    });
    await once(this.#script, "close");
    return JSON.parse(text) as Report;
  }

  /** The request log, parsed. */
  requests(): Record<string, unknown>[] {
    const lines = readFileSync(this.#path("requests.jsonl"), "utf8").trim().split("\n");
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  async stop(): Promise<void> {
    const exited = once(this.#simulator, "exit");
    this.#simulator.kill("SIGTERM");
    assert.deepEqual(await exited, [0, null]);
    assert.ok(!existsSync(this.#path("ready.json")), "a ready file promises a simulator");
  }

  /** Ends whatever a failed test left running. */
  end(): void {
    if (this.#simulator.exitCode === null) this.#simulator.kill("SIGKILL");
    // A group of its own: the task it runs ends with it.
    const { pid, exitCode } = this.#script ?? {};
    if (pid !== undefined && exitCode === null) process.kill(-pid, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  #path(name: string): string {
    return join(this.folder, name);
  }
}

function fromOutside(title: string, body: (outside: Outside) => Promise<void>): void {
  besideOthers(title, async () => {
    const outside = new Outside();
    try {
      await body(outside);
    } finally {
      outside.end();
    }
  });
}

function assertLogged(requests: readonly Record<string, unknown>[]): void {
  for (const { time, method, url, status, caller } of requests) {
    assert.match(String(time), /^\d{4}-\d\d-\d\dT.*Z$/);
    assert.match(String(method), /^[A-Z]+$/);
    assert.match(String(url), /^https:\/\/localhost:\d+\//);
    assert.equal(typeof status, "number");
    assert.ok(caller === null || typeof caller === "string");
  }
  const made = requests.filter(({ method, url }) => method === "PUT" && String(url).includes("/containerGroups/"));
  assert.deepEqual(
    made.map(({ status, caller }) => ({ status, caller })),
    [{ status: 201, caller: "ephemeral-agents" }],
  );
}

describe("A script outside the repository, with only the simulator's ready file,", () => {
  for (const major of availableNodes) {
    fromOutside(`creates an agent and removes it with the built task (node ${major})`, async (outside) => {
      const { stages, agents } = await outside.play(await nodeBinary(major), "create", "remove");
      for (const [name, { exitCode, result, issues, log }] of Object.entries(stages)) {
        assert.equal(exitCode, 0, `${name}:\n${log}`);
        assert.deepEqual(issues, [], name);
        assert.equal(result, name.endsWith("post") ? undefined : "Succeeded", log);
      }
      const { agentName = "", containerGroupId = "" } = stages.create?.outputs ?? {};
      assert.match(agentName, /^eph-4711-[a-z0-9]{6}$/);
      assert.ok(containerGroupId.endsWith(`/containerGroups/${agentName}`));
      assert.deepEqual(agents, { create: [agentName], remove: [] });
      assert.match(stages.remove?.log ?? "", new RegExp(`${agentName}: container group deleted`));
      assertLogged(outside.requests());
      await outside.stop();
    });
  }

  fromOutside("finds that SIGTERM ends everything, an agent that waits for its job too", async (outside) => {
    const { stages } = await outside.play(process.execPath, "create");
    assert.equal(stages.create?.result, "Succeeded", stages.create?.log);
    if (process.platform === "linux") assert.notEqual(processesIn(outside.folder).length, 0);
    await outside.stop();
    assert.deepEqual(processesIn(outside.folder), []);
  });
});
