// npm run chaos -- [--schedules N] [--seed S] [--replay SCHEDULE] [--real M [--rude]]
import { fileURLToPath } from "node:url";
import { playReal } from "../test/chaos/bundle/killed-bundle.ts";
import { loadCore } from "../test/chaos/core.ts";
import { describeTally } from "../test/chaos/print-tally.ts";
import { playAll } from "../test/chaos/schedules/parallel-schedules.ts";
import { play } from "../test/chaos/schedules/play-schedule.ts";
import { type Schedule, schedule } from "../test/chaos/schedules/schedule.ts";
import { shortest } from "../test/chaos/tally.ts";
import { commandOptions } from "./command-options.ts";

const source = fileURLToPath(new URL("../EphemeralAgentTask/src/", import.meta.url));
const values = commandOptions("npm run chaos --", {
  schedules: { type: "string", value: "N", default: "1000", from: 1 },
  seed: { type: "string", value: "N", default: String(Date.now() % 1_000_000_000), from: 0 },
  replay: { type: "string", value: "JSON" },
  real: { type: "string", value: "N", from: 1 },
  rude: { type: "boolean" },
});

/** Plays one schedule and tells what it breaks. */
async function replay(one: Schedule): Promise<boolean> {
  const { violations } = await play(await loadCore(source), one);
  for (const violation of violations) console.log(`violation: ${violation}`);
  return violations.length === 0;
}

async function random(count: number, seed: number): Promise<boolean> {
  console.log(`${count} schedules from seed ${seed}`);
  const began = Date.now();
  let told = began;
  let failures = 0;
  const tally = await playAll(source, seed, count, (sum) => {
    for (const { seed: broken, violations } of sum.failures.slice(failures))
      console.log(`seed ${broken}: ${violations.join("; ")}`);
    failures = sum.failures.length;
    if (Date.now() - told < 15_000) return;
    told = Date.now();
    console.log(`… ${sum.schedules} schedules, ${sum.failures.length} violations`);
  });
  console.log(describeTally(tally));
  console.log(`${Math.round((Date.now() - began) / 1000)} s`);
  const [first] = tally.failures;
  if (first) {
    const short = await shortest(await loadCore(source), schedule(first.seed));
    console.log(
      `shortest schedule of seed ${first.seed}; play it again with: npm run chaos -- --replay '${JSON.stringify(short)}'`,
    );
    await replay(short);
  }
  return tally.failures.length === 0;
}

const seed = Number(values.seed);

function given(json: string): Schedule {
  try {
    return JSON.parse(json) as Schedule;
  } catch (error) {
    console.error(
      `--replay is no schedule as this command prints it: ${error instanceof Error ? error.message : error}`,
    );
    process.exit(2);
  }
}

const good =
  values.replay !== undefined
    ? await replay(given(values.replay))
    : values.real
      ? await playReal(Number(values.real), seed, values.rude)
      : await random(Number(values.schedules), seed);
process.exitCode = good ? 0 : 1;
