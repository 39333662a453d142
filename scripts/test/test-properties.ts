// `npm run test:properties [-- --cases N]`: the property tests with many more cases than `npm test` plays.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { commandOptions } from "../command-options.ts";

const values = commandOptions("npm run test:properties --", {
  cases: { type: "string", value: "N", default: "100000", from: 1 },
});

const { status } = spawnSync("npx", ["mocha", "--timeout", "0", "test/properties/*.test.ts"], {
  cwd: fileURLToPath(new URL("../..", import.meta.url)),
  env: { ...process.env, PROPERTY_CASES: values.cases },
  stdio: "inherit",
  shell: process.platform === "win32",
});
process.exit(status ?? 1);
