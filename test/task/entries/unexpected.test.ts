// An error that nobody expected ends the step: cleaned up, told once with what to report, without a stack trace.
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { runPostJob } from "../harness/run-task.ts";
import { gate } from "../scenario/pipelines.ts";
import { story } from "../scenario/scenario.ts";
import { line } from "../scenario/wait-for-lines.ts";

const thrower = fileURLToPath(new URL("throw-on-signal.cjs", import.meta.url));

function assertTold({ exitCode, result, issues, raw }: Awaited<ReturnType<typeof runPostJob>>): void {
  assert.equal(exitCode, 0);
  assert.equal(result, "failed");
  assert.deepEqual(
    issues.map(({ code }) => code),
    ["EA999"],
  );
  assert.match(issues[0]?.message ?? "", /(TypeError Z_DATA_ERROR|RangeError): nobody expected this \(task version /);
  const shown = raw.split("\n").filter((one) => !one.startsWith("##vso[task.debug]"));
  assert.deepEqual(
    shown.filter((one) => /^\s+at /.test(one)),
    [],
  );
}

describe("An error that nobody expected", () => {
  for (const kind of ["exception", "rejection"]) {
    story(`(${kind}) ends the step, which cleans up and tells it`, async ({ simulator, step, expectRefusal }) => {
      // On a busy machine the seconds of the clean-up are over before its answers come; the post-job step goes on.
      expectRefusal(/^0 /, /^404 devops /);
      const environment = {
        NODE_EXTRA_CA_CERTS: simulator.caFile,
        NODE_OPTIONS: `--require=${thrower}`,
        UNEXPECTED: kind,
      };
      const one = step({ action: "run" }, { environment });
      const when = line(one.lines, /container group requested/);
      const main = await one.execute({ signals: [{ signal: "SIGUSR2", when }] });
      assertTold(main);
      assert.deepEqual((await runPostJob(main)).issues, []);
      assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
    });
  }

  story("while a job runs leaves the job to its end", async ({ simulator, step, expectRefusal }) => {
    expectRefusal(/^0 /, /^404 devops /);
    const environment = { NODE_EXTRA_CA_CERTS: simulator.caFile, NODE_OPTIONS: `--require=${thrower}` };
    const one = step({ action: "run" }, { environment });
    const ended = one.execute({ signals: [{ signal: "SIGUSR2", when: line(one.lines, /running job/) }] });
    await line(one.lines, /container group requested/);
    const waiting = gate();
    const job = one.queueJob(waiting.script, [`EphemeralAgent.Run -equals ${one.run.id}`]);
    const main = await ended;
    assertTold(main);
    const post = runPostJob(main);
    waiting.open();
    assert.equal((await job.outcome).result, "succeeded");
    assert.deepEqual((await post).issues, []);
  });
});
