// `npm run test:properties [-- --cases N]`: the property tests with many more cases than `npm test` plays.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { cases: { type: "string", default: "100000" } } });
if (!/^[1-9]\d*$/.test(values.cases)) throw new Error("--cases takes a number.");

const { status } = spawnSync("npx", ["mocha", "--timeout", "0", "test/properties/*.test.ts"], {
  cwd: fileURLToPath(new URL("../..", import.meta.url)),
  env: { ...process.env, PROPERTY_CASES: values.cases },
  stdio: "inherit",
  shell: process.platform === "win32",
});
process.exit(status ?? 1);
