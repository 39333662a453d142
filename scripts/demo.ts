// npm run demo [-- SAMPLE | FILE.yml]: runs a pipeline file from beginning to end in a simulated Azure and Azure DevOps.
import { join } from "node:path";
import { startRunIn } from "../simulator/runner/in-simulator.ts";
import { jobsOf, type Pipeline } from "../simulator/runner/pipeline.ts";
import { PipelineRefused } from "../simulator/runner/problems.ts";
import type { PipelineRun } from "../simulator/runner/run.ts";
import type { RunEvent } from "../simulator/runner/run-log.ts";
import { readPipeline } from "../simulator/runner/yaml/read-pipeline.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";
import { repository } from "./bundle.ts";
import { demoArguments, Misuse, sampleList } from "./demo/arguments.ts";
import { demoEngine } from "./demo/engine.ts";
import { ownValues } from "./demo/own-values.ts";
import { expandedYaml, type PipelineFile, pipelineFile } from "./demo/pipeline-file.ts";
import { poolsOfRunSteps } from "./demo/placeholder.ts";
import { RunDisplay } from "./demo/report.ts";
import { destroysItself, selfDestructed } from "./demo/self-destruct.ts";
import { AZURE, AZURE_DEVOPS, watchServices } from "./demo/services.ts";
import { prepareStorage, storedBlobs } from "./demo/storage.ts";
import { terminal } from "./demo/terminal.ts";

const TASK_FOLDER = join(repository, "dist/EphemeralAgentTask");
/** Of a demo that somebody asked the wrong thing of, and of one that was interrupted. */
const MISUSED = 2;
const INTERRUPTED = 130;

const screen = terminal(process.stdout, process.env);

/** Adds what a real pool would have for files with a `run` step, and says so. */
function seedPlaceholders(simulator: Simulator, pipeline: Pipeline): void {
  for (const pool of poolsOfRunSteps(pipeline)) {
    const { name } = simulator.organization.addPlaceholder(pool);
    screen.line(
      screen.dim(
        `Pool ${pool} has the placeholder ${name}: a deploy job beside a 'run' step is queued before its agent exists.`,
      ),
    );
  }
}

/** The first Ctrl+C cancels the run and lets it clean up; the second gives up. */
function cancelOnInterrupt(run: PipelineRun): () => boolean {
  let interrupted = false;
  process.on("SIGINT", () => {
    if (interrupted) process.exit(INTERRUPTED);
    interrupted = true;
    screen.line("Cancelling the run; Ctrl+C again ends at once.");
    run.cancel();
  });
  return () => interrupted;
}

async function demonstrate(simulator: Simulator, file: PipelineFile): Promise<number> {
  const pipeline = readPipeline(file.yaml, { files: file.files });
  screen.line(screen.bold(`${file.name}, in a simulated Azure and Azure DevOps`));
  seedPlaceholders(simulator, pipeline);
  await prepareStorage(simulator, file.yaml, (line) => screen.line(screen.dim(line)));
  const jobs = pipeline.stages.flatMap(({ jobs: phases }) =>
    phases.flatMap((phase) => jobsOf(phase).map(({ name, instance }) => `${name}${instance.suffix}`)),
  );
  const display = new RunDisplay(screen, [...jobs, AZURE, AZURE_DEVOPS]);
  const taskFolders = { EphemeralAgent: TASK_FOLDER };
  const onEvent = (event: RunEvent): void => display.event(event);
  const { yaml, files } = file;
  const run = startRunIn(simulator, { yaml, files, taskFolders, onEvent, variables: ownValues(simulator) });
  const stopWatching = watchServices(simulator, (who, text) => display.say(who, text));
  const wasInterrupted = cancelOnInterrupt(run);
  const report = await run.done;
  if (destroysItself(pipeline)) await selfDestructed(simulator, screen.line);
  stopWatching();
  display.results(report);
  for (const line of await storedBlobs(simulator)) screen.line(line);
  const { agents, containerGroups } = simulator.leftBehind();
  screen.line(`left behind: ${agents.length} agents, ${containerGroups.length} container groups`);
  if (wasInterrupted()) return INTERRUPTED;
  return report.result === "succeeded" && agents.length + containerGroups.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const asked = demoArguments(process.argv.slice(2));
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
  const simulator = await startSimulator({ engine, ...(asked.pace && { azure: { pace: asked.pace } }) });
  try {
    return await demonstrate(simulator, file);
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
