// What is broken in a set-up, and the one flaw that a check tells of it.
import assert from "node:assert/strict";
import { Setup } from "./healthy-setup.ts";

/** One thing broken: what breaks it, the one flaw it makes, and words of its line, its cause and its fix. */
export type Broken = readonly [what: string, breakIt: (setup: Setup) => void, flaw: string, ...words: RegExp[]];

export function namesEach(group: string, cases: readonly Broken[]): void {
  describe(`A check names one broken thing ${group}, and nothing else:`, () => {
    for (const [what, breakIt, flaw, ...words] of cases) {
      it(what, async () => {
        const setup = new Setup();
        breakIt(setup);
        const report = await setup.check();
        assert.deepEqual(report.flaws, [flaw], report.text);
        const told = report.flaw(flaw.replace(/^\w+ /, ""));
        for (const word of words) assert.match(told, word);
        assert.match(told, /\n {13}Cause: \S.*\n {13}Fix: {3}\S/);
        assert.equal(report.code, flaw.startsWith("wrong") ? "EA110" : "EA111");
      });
    }
  });
}
