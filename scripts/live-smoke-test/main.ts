// npm run live-smoke-test: settles the open points of docs/live-smoke-test.md, as far as a script can.
import { writeFileSync } from "node:fs";
import { smokeTest } from "./smoke.ts";
import { placeOf } from "./smoke-test-target.ts";

const RESULT = "live-smoke-test.json";

async function main(): Promise<number> {
  if (process.argv.length > 2)
    throw new Error("No arguments are taken: what is asked for is read from the environment.");
  const result = await smokeTest(await placeOf(process.env), ({ id, what, expected, saw, verdict }) =>
    console.log(`${id.padEnd(4)} ${verdict.padEnd(9)}  ${what}\n       expected: ${expected}\n       saw:      ${saw}`),
  );
  writeFileSync(RESULT, `${JSON.stringify(result, undefined, 2)}\n`);
  const surprises = result.findings.filter(({ verdict }) => verdict === "surprise").length;
  console.log(`\n${surprises} surprises of ${result.findings.length} points. ${RESULT} has no secrets: send it back.`);
  return surprises === 0 ? 0 : 1;
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(2);
  },
);
