// Each demonstration from its first line to its last, with the built task.
import assert from "node:assert/strict";
import { demoArguments } from "../../../scripts/demo/arguments.ts";
import { demonstrate } from "../../../scripts/demo/demo-run.ts";
import { type FailureName, failureNames } from "../../../scripts/demo/failures.ts";
import { pipelineFile } from "../../../scripts/demo/pipeline-file.ts";
import { terminal } from "../../../scripts/demo/terminal.ts";
import { startSimulator } from "../../../simulator/start-simulator.ts";

interface Shown {
  readonly exitCode: number;
  readonly text: string;
}

/** What the demo shows for these arguments, and how it ends. */
async function shownFor(...args: string[]): Promise<Shown> {
  const asked = demoArguments(args);
  const written: string[] = [];
  const stream = { isTTY: false, write: (text: string) => written.push(text) > 0 };
  const simulator = await startSimulator({ engine: "process" });
  try {
    const screen = terminal(stream as unknown as NodeJS.WriteStream, {});
    const exitCode = await demonstrate(simulator, pipelineFile(asked), asked.fail, screen);
    return { exitCode, text: written.join("") };
  } finally {
    await simulator.stop();
  }
}

/** What must be read on the screen, by failure. */
const messages: Readonly<Record<FailureName, RegExp>> = {
  image: /error: EA401 .*\n.* Cause: .*no-such-image:latest/,
  subnet: /error: EA301 .*\n.* Cause: .*SubnetMissingRequiredDelegation/,
  placeholder: /error: EA709 .*\n.* Cause: .*No agent found in pool ephemeral-agents/,
  crash: /error: EA601 .*\n.* Cause: .*exit code 1\b/,
  kill: /The step ended before it could clean up\. Removing eph-/,
};

describe("The demo", () => {
  for (const name of failureNames) {
    it(`shows how '${name}' fails, tells why, and leaves nothing behind`, async () => {
      const { exitCode, text } = await shownFor("--fail", name);
      assert.match(text, messages[name]);
      assert.match(text, /^left behind: 0 agents, 0 container groups$/m);
      assert.match(text, /^The failure was reported, and nothing was left behind\./m, text);
      assert.equal(exitCode, 0);
    });
  }

  it("checks a set-up that is right, and warns of nothing", async () => {
    const { exitCode, text } = await shownFor("check");
    assert.doesNotMatch(text, /(?:warning|wrong) {2,}|warning:/);
    assert.match(text, /^Everything that the step could read is as it should be/m);
    assert.equal(exitCode, 0, text);
  });

  it("sweeps what an earlier run left behind", async () => {
    const { exitCode, text } = await shownFor("sweep");
    const [, agent = "none"] = /^It left behind agent (\S+) and container group \1\.$/m.exec(text) ?? [];
    assert.match(text, new RegExp(`agent ${agent}: gone`));
    assert.match(text, new RegExp(`container group ${agent}: gone`));
    assert.match(text, /^left behind: 0 agents, 0 container groups$/m);
    assert.equal(exitCode, 0, text);
  });
});
