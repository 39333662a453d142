// `npm run sim -- --ready-file F [--request-log F]`: a simulator until somebody ends it.
import { rmSync } from "node:fs";
import { parseArgs } from "node:util";
import { writeReadyFile } from "./ready-file.ts";
import { startSimulator } from "./simulator.ts";

const usage = "Usage: npm run sim -- --ready-file FILE [--request-log FILE]";

function options(): { readonly readyFile: string; readonly requestLog: string | undefined } {
  const { values } = parseArgs({ options: { "ready-file": { type: "string" }, "request-log": { type: "string" } } });
  const readyFile = values["ready-file"];
  if (!readyFile) throw new Error("--ready-file is missing.");
  return { readyFile, requestLog: values["request-log"] };
}

async function main(): Promise<void> {
  const { readyFile, requestLog } = options();
  const ended = new Promise<void>((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => resolve());
  });
  const simulator = await startSimulator(requestLog === undefined ? {} : { requestLogFile: requestLog });
  await writeReadyFile(readyFile, simulator.ready);
  console.log(
    `Azure is at ${simulator.ready.arm} and Azure DevOps at ${simulator.ready.organizationUrl}; ` +
      `addresses and secrets are in ${readyFile}. Set NODE_EXTRA_CA_CERTS=${simulator.caFile}; Ctrl+C ends it.`,
  );
  await ended;
  await simulator.stop();
  rmSync(readyFile, { force: true });
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    console.error(usage);
    process.exit(1);
  },
);
