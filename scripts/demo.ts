// npm run demo [-- SAMPLE | FILE.yml]: runs a pipeline file from beginning to end in a simulated Azure and Azure DevOps.
// With --fail, one of the samples with something broken.
import { PipelineRefused } from "../simulator/pipeline-runner/validation/pipeline-problems.ts";
import { readPipeline } from "../simulator/pipeline-runner/yaml/read-pipeline.ts";
import { startSimulator } from "../simulator/start-simulator.ts";
import { demoArguments, help, Misuse, sampleList } from "./demo/arguments.ts";
import { demonstrate } from "./demo/demo-run.ts";
import { demoEngine } from "./demo/engine.ts";
import { expandedYaml, pipelineFile } from "./demo/pipeline-file.ts";
import { simulatorOptions } from "./demo/simulator-options.ts";
import { terminal } from "./demo/terminal.ts";

/** Of a demo that somebody asked the wrong thing of. */
const MISUSED = 2;

const screen = terminal(process.stdout, process.env);

async function main(): Promise<number> {
  const asked = demoArguments(process.argv.slice(2));
  if (asked.help) {
    screen.line(help);
    return 0;
  }
  if (asked.list) {
    for (const line of sampleList()) screen.line(line);
    return 0;
  }
  const file = pipelineFile(asked);
  if (asked.expand) {
    process.stdout.write(expandedYaml(file));
    return 0;
  }
  readPipeline(file.yaml, { files: file.files });
  const { name: engine, line } = await demoEngine(screen.line);
  screen.line(screen.dim(line));
  if (asked.pace) screen.line(screen.dim(asked.pace.description));
  const simulator = await startSimulator(simulatorOptions(engine, asked));
  try {
    return await demonstrate(simulator, file, asked.fail, screen);
  } finally {
    await simulator.stop();
  }
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    if (!(error instanceof Misuse || error instanceof PipelineRefused)) throw error;
    console.error(
      error instanceof PipelineRefused ? `The pipeline file is not valid:\n${error.message}` : error.message,
    );
    process.exit(MISUSED);
  },
);
