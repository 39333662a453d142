// npm run demo [-- FILE.yml]: runs a pipeline file from beginning to end in a simulated Azure and Azure DevOps.
import { readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { startRunIn } from "../simulator/runner/in-simulator.ts";
import { PipelineRefused } from "../simulator/runner/problems.ts";
import type { PipelineRun } from "../simulator/runner/run.ts";
import type { RunEvent } from "../simulator/runner/run-log.ts";
import { readPipeline } from "../simulator/runner/yaml/read-pipeline.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";
import { repository } from "./bundle.ts";
import { demoEngine } from "./demo/engine.ts";
import { ownValues } from "./demo/own-values.ts";
import { poolsOfRunSteps } from "./demo/placeholder.ts";
import { RunDisplay } from "./demo/report.ts";
import { destroysItself, selfDestructed } from "./demo/self-destruct.ts";
import { AZURE, AZURE_DEVOPS, watchServices } from "./demo/services.ts";
import { prepareStorage, storedBlobs } from "./demo/storage.ts";
import { terminal } from "./demo/terminal.ts";

const DEFAULT_FILE = join(repository, "samples/parallel/azure-pipelines.yml");
const TASK_FOLDER = join(repository, "dist/EphemeralAgentTask");
/** Of a demo that somebody asked the wrong thing of, and of one that was interrupted. */
const MISUSED = 2;
const INTERRUPTED = 130;

const screen = terminal(process.stdout, process.env);

/** What is wrong with the arguments or the file they name: one clear message, and nothing has been started. */
class Misuse extends Error {}

function pipelineFile(): { readonly name: string; readonly yaml: string } {
  const [file = DEFAULT_FILE, ...others] = process.argv.slice(2);
  if (others.length > 0 || file.startsWith("-")) throw new Misuse("Usage: npm run demo [-- FILE.yml]");
  const path = resolve(file);
  try {
    return { name: relative(process.cwd(), path), yaml: readFileSync(path, "utf8") };
  } catch (error) {
    throw new Misuse(`The pipeline file ${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** Adds what a real pool would have for files with a `run` step, and says so. */
function seedPlaceholders(simulator: Simulator, yaml: string): void {
  for (const pool of poolsOfRunSteps(readPipeline(yaml))) {
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

async function demonstrate(simulator: Simulator, file: ReturnType<typeof pipelineFile>): Promise<number> {
  screen.line(screen.bold(`${file.name}, in a simulated Azure and Azure DevOps`));
  seedPlaceholders(simulator, file.yaml);
  await prepareStorage(simulator, file.yaml, (line) => screen.line(screen.dim(line)));
  const jobs = readPipeline(file.yaml).stages.flatMap((stage) => stage.jobs.map(({ name }) => name));
  const display = new RunDisplay(screen, [...jobs, AZURE, AZURE_DEVOPS]);
  const taskFolders = { EphemeralAgent: TASK_FOLDER };
  const onEvent = (event: RunEvent): void => display.event(event);
  const run = startRunIn(simulator, { yaml: file.yaml, taskFolders, onEvent, variables: ownValues(simulator) });
  const stopWatching = watchServices(simulator, (who, text) => display.say(who, text));
  const wasInterrupted = cancelOnInterrupt(run);
  const report = await run.done;
  if (destroysItself(readPipeline(file.yaml))) await selfDestructed(simulator, screen.line);
  stopWatching();
  display.results(report);
  for (const line of await storedBlobs(simulator)) screen.line(line);
  const { agents, containerGroups } = simulator.leftBehind();
  screen.line(`left behind: ${agents.length} agents, ${containerGroups.length} container groups`);
  if (wasInterrupted()) return INTERRUPTED;
  return report.result === "succeeded" && agents.length + containerGroups.length === 0 ? 0 : 1;
}

async function main(): Promise<number> {
  const file = pipelineFile();
  readPipeline(file.yaml);
  const { name: engine, line } = await demoEngine(screen.line);
  screen.line(screen.dim(line));
  const simulator = await startSimulator({ engine });
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
