// The post-job step holds up the end of the user's job: it waits for no service as long as that may ask.
import assert from "node:assert/strict";
import { answers } from "../../../simulator/http/network-failures.ts";
import { runPostJob } from "../harness/run-task.ts";
import { story } from "../scenario/scenario.ts";
import { mayCome } from "../scenario/step.ts";
import { line } from "../scenario/wait-for-lines.ts";

describe("A post-job step that is asked to wait for a day", () => {
  for (const path of [/\/_apis\/distributedtask$/, /\/pools\?/])
    story(`(${path.source}) waits ten seconds, and cleans up`, async ({ simulator, step, expectRefusal }) => {
      // On a busy machine a request may be given up for its time.
      expectRefusal(/^429 /, /^0 /);
      const one = step({ action: "run" });
      mayCome(one);
      const when = line(one.lines, /container group requested/);
      const main = await one.execute({ signals: [{ signal: "SIGKILL", when }] });
      assert.equal(main.result, "failed");
      const busy = simulator.faults.add({ site: "devops", path, times: 1, effect: answers["429 for a day"] });
      const post = await runPostJob(main);
      assert.equal(busy.hits, 1);
      assert.match(post.log, /Trying again in 10 s\./);
      assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
    });
});
