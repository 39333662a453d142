// One run of a pipeline file, shown from its story to what to try next.
import { basename, dirname, join, relative } from "node:path";
import { jobsOf, type Pipeline } from "../../simulator/pipeline-runner/pipeline-model.ts";
import { startRunIn } from "../../simulator/pipeline-runner/run-in-simulator.ts";
import type { PipelineRun } from "../../simulator/pipeline-runner/run-pipeline.ts";
import { readPipeline } from "../../simulator/pipeline-runner/yaml/read-pipeline.ts";
import type { Simulator } from "../../simulator/start-simulator.ts";
import { repository } from "../build/bundle.ts";
import { destroysItself, selfDestructed } from "./await-self-destruct.ts";
import { RunDisplay } from "./event-output.ts";
import { type Failure, type FailureName, failures, isNothing, wentAsItShould } from "./failures.ts";
import type { PipelineFile } from "./pipeline-file.ts";
import { plantLeftovers } from "./prepare/leftovers.ts";
import { poolsOfRunSteps } from "./prepare/placeholder.ts";
import { ownValues } from "./prepare/sample-values.ts";
import { prepareStandbyPool } from "./prepare/standby-pool.ts";
import { prepareStorage, storedBlobs } from "./prepare/storage.ts";
import { writeSummary } from "./run-summary.ts";
import { AZURE, AZURE_DEVOPS, watchServices } from "./service-output.ts";
import { storyOf } from "./stories.ts";
import type { Terminal } from "./terminal.ts";

const taskFolders = { EphemeralAgent: join(repository, "dist/EphemeralAgentTask") };
const SUMMARY_FOLDER = join(repository, "dist/demo");

/** Of a demo that was interrupted. */
const INTERRUPTED = 130;

/** Adds what a real pool would have for files with a `run` step, and says so. */
function seedPlaceholders(simulator: Simulator, pipeline: Pipeline, say: (line: string) => void): void {
  for (const pool of poolsOfRunSteps(pipeline)) {
    const { name } = simulator.organization.addPlaceholder(pool);
    say(
      `Pool ${pool} has the placeholder ${name}: a deploy job beside a 'run' step is queued before its agent exists.`,
    );
  }
}

/**
 * The first Ctrl+C cancels the run and lets it clean up; the second gives up.
 * @returns ends that, and says whether there was one.
 */
function cancelOnInterrupt(run: PipelineRun, say: (line: string) => void): () => boolean {
  let interrupted = false;
  const interrupt = (): void => {
    if (interrupted) process.exit(INTERRUPTED);
    interrupted = true;
    say("Canceling the run; Ctrl+C again ends at once.");
    run.cancel();
  };
  process.on("SIGINT", interrupt);
  return () => {
    process.off("SIGINT", interrupt);
    return interrupted;
  };
}

/** Every job with its title; several of one phase have the phase's. */
function jobTitles({ stages }: Pipeline): Map<string, string> {
  const jobs = stages.flatMap(({ jobs: phases }) => phases.flatMap((phase) => jobsOf(phase)));
  return new Map(jobs.map(({ name, instance, displayName }) => [`${name}${instance.suffix}`, displayName]));
}

/** The display of a run that begins now, and of what the services see meanwhile. */
function display(simulator: Simulator, pipeline: Pipeline, screen: Terminal) {
  const titles = jobTitles(pipeline);
  const shown = new RunDisplay(screen, [...titles.keys(), AZURE, AZURE_DEVOPS], titles);
  return { shown, stopWatching: watchServices(simulator, (who, text) => shown.say(who, text)) };
}

/** A sample is called by its folder, any other file by its own name. */
const nameOf = ({ name }: PipelineFile): string => {
  const own = basename(name).replace(/\.ya?ml$/, "");
  return own === "azure-pipelines" ? basename(dirname(name)) : own;
};

/** @returns the exit code: 0 when everything went as it should, a demonstrated failure included. */
export async function demonstrate(
  simulator: Simulator,
  file: PipelineFile,
  fail: FailureName | undefined,
  screen: Terminal,
): Promise<number> {
  const failure: Failure | undefined = fail && failures[fail];
  const yaml = failure?.change?.(file.yaml) ?? file.yaml;
  const pipeline = readPipeline(yaml, { files: file.files });
  const sample = nameOf(file);
  const story = storyOf(sample, fail);
  const aside = (line: string): void => screen.line(screen.dim(line));
  screen.line(screen.bold(`${file.name}, in a simulated Azure and Azure DevOps`));
  for (const line of story.before) screen.line(`  ${line}`);
  // As the setup guide leaves its pool.
  simulator.organization.setAutoUpdate(simulator.ready.pool, false);
  if (!failure?.withoutPlaceholder) seedPlaceholders(simulator, pipeline, aside);
  if (sample === "sweep") {
    aside("The earlier run takes some seconds …");
    const { agents, containerGroups } = await plantLeftovers(simulator, taskFolders);
    aside(`It left behind agent ${agents.join(", ")} and container group ${containerGroups.join(", ")}.`);
  }
  await prepareStorage(simulator, yaml, aside);
  await prepareStandbyPool(simulator, yaml, aside);
  const { shown, stopWatching } = display(simulator, pipeline, screen);
  let step: number | undefined;
  failure?.arrange?.({ simulator, killStep: () => step !== undefined && process.kill(step, "SIGKILL") });
  const run = startRunIn(simulator, {
    ...{ yaml, files: file.files, taskFolders, variables: ownValues(simulator) },
    onEvent: (event) => shown.event(event),
    onProcess: (pid) => {
      step = pid;
    },
  });
  const stopListening = cancelOnInterrupt(run, screen.line);
  const report = await run.done;
  if (destroysItself(pipeline)) await selfDestructed(simulator, screen.line);
  stopWatching();
  shown.results(report);
  for (const line of await storedBlobs(simulator)) screen.line(line);
  const left = simulator.leftBehind();
  screen.line(`left behind: ${left.agents.length} agents, ${left.containerGroups.length} container groups`);
  const page = await writeSummary(run.run.attachments, SUMMARY_FOLDER, `${sample}${fail ? `-${fail}` : ""}`);
  if (page !== undefined) screen.line(`summary of the run: ${relative(process.cwd(), page)}`);
  if (stopListening()) return INTERRUPTED;
  const good = failure ? wentAsItShould(failure, report, left) : report.result === "succeeded" && isNothing(left);
  screen.line("");
  screen.line(good ? story.happened : screen.red("That did not go as it should: the log above says why."));
  screen.line("To try next:");
  const width = Math.max(...story.next.map(([command]) => command.length));
  for (const [command, shows] of story.next) screen.line(`  ${command.padEnd(width)}  ${shows}`);
  return good ? 0 : 1;
}
