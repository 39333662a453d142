// What the step says of a container that does not start, whenever Azure shows its events: early, late, or never (recorded).
// Where they tell the cause, it is told as soon as they are shown. Where they are never shown, the step says so, and tells
// only what the container itself shows.
import type { ErrorCode } from "../../../EphemeralAgentTask/src/errors/catalog.ts";
import type { Condition } from "../../../simulator/arm/container-groups/creation/injected-failures.ts";
import type { EventDisplay } from "../../../simulator/containers/event-visibility.ts";
import { assertFailure } from "../scenario/expected-messages.ts";
import { story } from "../scenario/scenario.ts";
import { jumping } from "../scenario/step.ts";

type Told = readonly [code: ErrorCode, cause: RegExp];

interface Case {
  readonly what: string;
  readonly condition: Condition;
  /** Milliseconds after which Azure gives up; it does not in the time of a test when left out. */
  readonly givesUpAfterMs?: number;
  /** The time for coming online passes once the step's log says this; where it says nothing, the step does not wait for that. */
  readonly timePassesAt?: Partial<Readonly<Record<EventDisplay, RegExp>>>;
  readonly told: Readonly<Record<EventDisplay, Told>>;
}

const silent: Told = ["EA603", /^Azure shows no warning events\.$/];
const pulling: Told = ["EA405", /^Pulling: pulling image ".*azure-pipelines-agent:latest"$/];
const unpulled: Told = ["EA401", /Failed to pull image ".*azure-pipelines-agent:latest": unexpected EOF/];
const noBash: Told = ["EA610", /^Failed: .*exec: "\/bin\/bash": stat \/bin\/bash: no such file or directory/];
const foreign: Told = ["EA609", /^exit code 1\b.* The container's log says: exec \/bin\/bash: exec format error$/s];
const crashed: Told = ["EA601", /^exit code 1\b.* The container's log says: fatal: cannot start$/s];
const unseen: Told = ["EA616", /^after 300 s: container group creating\. Azure shows no warning events\.$/];

const asked = /container group creating/;
const shown = /container group creating, container waiting/;

const cases: readonly Case[] = [
  {
    what: "an image that is not pulled in the time given",
    condition: "pull-stalls",
    timePassesAt: { early: shown, late: asked, never: asked },
    told: {
      early: ["EA405", /^after 300 s: container group creating, container waiting\. Pulling: pulling image /],
      late: unseen,
      never: unseen,
    },
  },
  {
    what: "an image that is not pulled when Azure gives up",
    condition: "pull-stalls",
    givesUpAfterMs: 300,
    told: { early: pulling, late: pulling, never: silent },
  },
  {
    what: "a pull that fails and is tried again until Azure gives up",
    condition: "pull-fails",
    told: { early: unpulled, late: unpulled, never: silent },
  },
  {
    what: "an image without bash, while Azure goes on trying",
    condition: "no-bash",
    timePassesAt: { late: asked, never: asked },
    told: { early: noBash, late: unseen, never: unseen },
  },
  {
    what: "an image without bash, until Azure gives up",
    condition: "no-bash",
    givesUpAfterMs: 300,
    told: { early: noBash, late: noBash, never: silent },
  },
  {
    what: "an image for another architecture, which its log tells",
    condition: "wrong-architecture",
    told: { early: foreign, late: foreign, never: foreign },
  },
  {
    what: "a container that crashes, which its exit code and log tell",
    condition: "crashes-at-start",
    told: { early: crashed, late: crashed, never: crashed },
  },
];

for (const events of ["early", "late", "never"] as const) {
  describe(`A step whose container group shows its events ${events}`, () => {
    for (const { what, condition, givesUpAfterMs, timePassesAt, told } of cases) {
      const [code, cause] = told[events];
      const passesAt = timePassesAt?.[events];
      const timings = givesUpAfterMs === undefined ? {} : { timings: { provisioningTimeoutMs: givesUpAfterMs } };
      story(
        `says ${code} for ${what}`,
        async (scene) => {
          scene.simulator.arm.inject(condition);
          const inputs = { action: "create", ...(passesAt && { timeoutAgentOnline: "300" }) };
          const main = await scene.step(inputs, passesAt && jumping(scene.simulator, passesAt)).execute();
          assertFailure(main, code, cause);
        },
        { azure: { events, ...timings } },
      );
    }
  });
}
