import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { servePipelineCommand } from "../../scripts/sim-shell/pipeline-command.ts";
import { startSimulator } from "../../simulator/start-simulator.ts";

interface Ended {
  readonly code: number;
  readonly text: string;
}

describe("The command `pipeline run FILE` of the simulator's shell", () => {
  it("shows the run in this simulator and ends as it does", async () => {
    const folder = await mkdtemp(join(tmpdir(), "sim-shell-"));
    const simulator = await startSimulator({ engine: "process" });
    const { bin, close } = await servePipelineCommand(simulator, folder);
    const run = (...words: string[]): Promise<Ended> =>
      new Promise((resolve) => {
        execFile(join(bin, "pipeline"), words, (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr }),
        );
      });
    const ofSteps = async (name: string, yaml: string): Promise<Ended> => {
      const file = join(folder, name);
      await writeFile(file, yaml);
      return run("run", file);
    };
    try {
      const good = await ofSteps("good.yml", "steps: [{ bash: echo hello }]");
      assert.match(good.text, /hello\n.*run succeeded after/s);
      assert.equal(good.code, 0, good.text);
      assert.equal((await ofSteps("bad.yml", "steps: [{ bash: exit 3 }]")).code, 1);
      const refused = await ofSteps("refused.yml", "steps: [{ task: Nothing@1 }]");
      assert.match(refused.text, /Nothing@1/);
      assert.equal(refused.code, 2);
      assert.deepEqual(await run("run"), { code: 2, text: "Usage: pipeline run FILE\n" });
    } finally {
      close();
      await simulator.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
