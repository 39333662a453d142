import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { type Core, loadCore } from "./core.ts";
import { catching, mutant } from "./mutant.ts";
import { mutations } from "./mutations.ts";
import { describeTally } from "./print-tally.ts";
import { play } from "./schedules/play-schedule.ts";
import { schedule } from "./schedules/schedule.ts";
import { playSeeds, shortest } from "./tally.ts";

const source = fileURLToPath(new URL("../../EphemeralAgentTask/src/", import.meta.url));
const schedules = 400;

describe("Whatever fails, hangs, dies or is cancelled", () => {
  let core: Core;
  before(async () => {
    core = await loadCore(source);
  });

  it(`no promise is broken in ${schedules} random schedules`, async () => {
    const first = Date.now() % 1_000_000_000;
    console.log(`      seeds ${first} to ${first + schedules - 1}`);
    const tally = await playSeeds(
      core,
      Array.from({ length: schedules }, (_, index) => first + index),
    );
    assert.deepEqual(tally.failures, [], describeTally(tally));
  });

  it("the report says in how many schedules events were late or missing", async () => {
    const tally = await playSeeds(core, [1, 2, 3, 4, 5, 6, 7, 8]);
    assert.ok(tally.lateEvents > 0 && tally.missingEvents > 0, describeTally(tally));
    const told = `with events shown late: ${tally.lateEvents}, with a group that showed none: ${tally.missingEvents}`;
    assert.ok(describeTally(tally).includes(told));
  });

  it("a schedule plays the same way every time", async () => {
    for (const seed of [2, 7, 43]) assert.deepEqual(await play(core, schedule(seed)), await play(core, schedule(seed)));
  });
});

describe("The harness sees at once when this safety is switched off:", () => {
  for (const mutation of mutations) {
    it(mutation.safety, async () => {
      const real = await play(await loadCore(source), catching(mutation));
      assert.deepEqual(real.violations, [], "with the safety on, the schedule must break nothing");
      const copy = mutant(mutation);
      try {
        const core = await loadCore(copy.folder);
        const broken = await play(core, catching(mutation));
        assert.notDeepEqual(broken.violations, []);
        const short = await shortest(core, catching(mutation));
        assert.notDeepEqual((await play(core, short)).violations, [], "the shortest schedule must still show it");
      } finally {
        copy.remove();
      }
    });
  }
});
