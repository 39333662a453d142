// One thing broken in a simulated set-up, and the one flaw that a check tells of it.
import assert from "node:assert/strict";
import type { Simulator, SimulatorOptions } from "../../../simulator/start-simulator.ts";
import { type Inputs, type LookPart, lookAt } from "./look.ts";
import { assertUntouched, inPerfect } from "./set-up.ts";

interface Case extends LookPart {
  readonly inputs?: Inputs;
}

export type Broken = readonly [
  what: string,
  /** Breaks it, and gives the inputs that go with that. */
  breakIt: (simulator: Simulator) => Case | undefined,
  flaw: string,
  words: RegExp,
  options?: SimulatorOptions,
];

export function namesEach(where: string, cases: readonly Broken[]): void {
  describe(`A check names one broken thing in ${where}, and nothing else:`, () => {
    for (const [what, breakIt, flaw, words, options] of cases) {
      it(what, () =>
        inPerfect(async (simulator) => {
          const { inputs, ...part } = breakIt(simulator) ?? {};
          const report = await lookAt(simulator, inputs, part);
          assert.deepEqual(report.flaws, [flaw], report.text);
          assert.match(report.flaw(flaw.replace(/^\w+ /, "")), words);
          assertUntouched(simulator);
        }, options),
      );
    }
  });
}
