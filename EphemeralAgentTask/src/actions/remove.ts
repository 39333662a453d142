// The remove action: removes this run's agents once they have run their job or can no longer get one. It needs no outputs of
// `create`.
import { TaskError } from "../errors/catalog.ts";
import { tally } from "../errors/count-repeated.ts";
import { toTaskError } from "../errors/mapping/error-mapping.ts";
import { findRunAgents, type IncompleteAgent } from "../lifecycle/remove/find-run-agents.ts";
import { removeAgent } from "../lifecycle/remove/remove-agent.ts";
import { withCleanup } from "../lifecycle/step/cleanup-on-exit.ts";
import { type Ports, patientContext } from "../lifecycle/step/step-context.ts";
import { ledgerOf } from "../lifecycle/step/write-ahead-ledger.ts";
import { awaitAgentCreation } from "../lifecycle/watch/await-agent-creation.ts";
import { awaitJob, type Ending, takenBy } from "../lifecycle/watch/await-job.ts";
import { jobOfThisRun } from "../lifecycle/watch/job-description.ts";
import type { Agent } from "../lifecycle/watch/poll-agent.ts";
import { runJobsOf } from "../lifecycle/watch/run-jobs.ts";
import { behindForMs, ownSteps } from "../lifecycle/watch/steps-of-this-task.ts";
import type { PipelineRun, TaskHost } from "../ports.ts";
import type { CommonSettings } from "../settings/settings.ts";
import { type Outcome, succeeded } from "./action-result.ts";
import { allOrFirstFailure } from "./wait-for-all.ts";

/** Error codes after which an agent may still exist. */
const mayStay = /^EA(801|802|9\d\d) /;

/**
 * Whether an earlier step of the run failed with this very error before it had anything that could stay: one cause is one
 * error, and there is nothing to remove.
 * @param error of looking for what to remove
 * @returns undefined when it is news, or nobody knows
 */
export async function alreadyTold(run: PipelineRun, task: TaskHost, error: unknown): Promise<Outcome | undefined> {
  const explained = toTaskError(error);
  if (!(explained instanceof TaskError)) return undefined;
  const records = await run.timeline(task.cancelled).catch(() => undefined);
  const failed = ownSteps(records ?? []).filter(({ state, result }) => state === "completed" && result === "failed");
  const told = failed.flatMap(({ errors = [] }) => errors);
  if (!told.some((text) => text.startsWith(`${explained.code} `)) || told.some((text) => mayStay.test(text))) {
    return undefined;
  }
  task.info(
    `There is nothing to remove: the step that creates the agents failed with ${explained.code} as well, before it made anything.`,
  );
  return succeeded;
}

/** @throws `TaskError`; `ServiceFault`; `Cancelled` */
export async function remove(ports: Ports, settings: CommonSettings): Promise<Outcome> {
  const began = ports.clock.now();
  const context = patientContext(ports, began);
  const ledger = ledgerOf(ports.task);
  ledger.searching();
  return withCleanup({ ports, context, began, ledger }, async () => {
    const runJobs = runJobsOf(context, settings.run);
    const options = {
      run: settings.run,
      runJobs,
      wanted: undefined,
      onlineMs: settings.onlineMs,
      idleMs: settings.idleMs,
    };
    async function life(agent: Agent): Promise<Ending> {
      const ending = await awaitJob(context, agent, options);
      ledger.closed(agent.name);
      return ending;
    }
    async function rest(incomplete: IncompleteAgent): Promise<Ending | undefined> {
      const agent = await awaitAgentCreation(context, settings.run, incomplete, settings.onlineMs || settings.idleMs);
      if (agent) return life(agent);
      await removeAgent(context, incomplete);
      ledger.closed(incomplete.name);
      return undefined;
    }
    const known = new Set<string>();
    async function search(): Promise<Promise<Ending | undefined>[]> {
      const found = await findRunAgents(context, settings.run);
      const whole = found.whole.filter(({ name }) => !known.has(name));
      const incomplete = found.incomplete.filter(({ name }) => !known.has(name));
      const all = [...whole, ...incomplete];
      for (const { name } of all) known.add(name);
      ledger.found(all);
      if (all.length > 0) ports.task.info(`Removing once their job is done: ${all.map(({ name }) => name).join(", ")}`);
      return [...whole.map(life), ...incomplete.map(rest)];
    }
    async function searchAgain(afterMs: number): Promise<(Ending | undefined)[]> {
      await context.clock.sleep(afterMs, context.signal);
      const late = await search();
      ledger.searched();
      return allOrFirstFailure(late);
    }
    // Lists are some seconds old: they do not show yet what another step of the run has just created.
    const againMs = await behindForMs(context, settings.run);
    const lives = await search();
    if (againMs === 0) ledger.searched();
    const again = againMs === 0 ? [] : searchAgain(againMs);
    const ends = (await allOrFirstFailure([allOrFirstFailure(lives), again])).flat();
    if (known.size === 0) {
      ports.task.info(
        `There is nothing of run ${settings.run.runId} to remove in pool '${context.pool.name}' and resource group '${settings.resourceGroupName}'.`,
      );
      return succeeded;
    }
    const endings = ends.filter((ending) => ending !== undefined);
    const broken = endings.filter((ending) => ending.kind === "broken");
    if (broken.length > 0) return { result: "failed", message: tally(broken.map((ending) => ending.error.code)) };
    const taken = endings.filter((ending) => ending.kind === "taken");
    if (taken.length > 0 && endings.every((ending) => ending.kind !== "served")) {
      const { queued, forecast } = await runJobs.look();
      const who = taken.map(({ request }) => takenBy(request)).join("; ");
      const waiting = tally(queued.map((request) => `${jobOfThisRun(request)} waits`));
      if (queued.length > 0) throw new TaskError("EA708", `${who}; ${waiting}.`);
      if (forecast.kind === "may come") {
        const { code, message } = new TaskError("EA708", `${who}; ${forecast.why}.`);
        return { result: "succeededWithIssues", code, message };
      }
      context.say(`no job of this run came: ${who}`);
    }
    if (endings.some((ending) => ending.kind === "unneeded")) context.say("no job of this run can come any more");
    return succeeded;
  });
}
