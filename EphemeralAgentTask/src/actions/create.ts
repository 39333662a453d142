// The create action: creates agents for the jobs that follow.
import { TaskError } from "../errors/catalog.ts";
import { type CreatedAgent, createAgent, prepare } from "../lifecycle/create/create-agent.ts";
import { agentFailure } from "../lifecycle/diagnose/agent-failure.ts";
import { diagnose } from "../lifecycle/diagnose/diagnose-agent.ts";
import { earlyWarnings } from "../lifecycle/diagnose/early-warnings.ts";
import { progressHints } from "../lifecycle/diagnose/progress-hints.ts";
import { sweepBeside } from "../lifecycle/remove/remove-leftovers.ts";
import { withCleanup } from "../lifecycle/step/cleanup-on-exit.ts";
import { type Context, type Ports, patientContext } from "../lifecycle/step/step-context.ts";
import { ledgerOf } from "../lifecycle/step/write-ahead-ledger.ts";
import { takenBy } from "../lifecycle/watch/await-job.ts";
import { meantFor } from "../lifecycle/watch/job-forecast.ts";
import { pollAgent } from "../lifecycle/watch/poll-agent.ts";
import type { RunIdentity } from "../plan/owner-marks.ts";
import type { JobRequest } from "../ports.ts";
import type { CreateSettings } from "../settings/settings.ts";
import { type Outcome, succeeded } from "./action-result.ts";
import { announce, nextPlan } from "./prepare.ts";
import { allOrFirstFailure } from "./wait-for-all.ts";

const listening = new Set(["online", "assigned", "finished"]);

/**
 * Waits until the listener is there.
 * @returns the job that is not of this run and got the agent, if one did
 * @throws `TaskError` of the groups 2xx, 4xx and 6xx
 */
async function online(context: Context, agent: CreatedAgent, run: RunIdentity, onlineMs: number): Promise<Taken> {
  const peek = earlyWarnings(context, agent.name, progressHints(context, agent.name));
  return pollAgent<Taken>(context, agent, async (reading) => {
    const error = agentFailure(reading, onlineMs);
    if (error) throw await diagnose(context, agent.name, error);
    peek(reading);
    if (!listening.has(reading.agentState.kind)) return undefined;
    const request = "request" in reading.agentState ? reading.agentState.request : undefined;
    return { by: request === undefined || meantFor(run, request) ? undefined : request };
  });
}

/** Another run's job, or the pool's maintenance, got the agent before the jobs that it was created for. */
interface Taken {
  readonly by: JobRequest | undefined;
}

/** How many replacement agents are created when something else takes an agent. */
const replacements = 5;

/** Sets the step's output variables, as comma lists when there are several agents. */
export function outputAgents(ports: Ports, agents: readonly CreatedAgent[]): void {
  const names = agents.map((agent) => agent.name).join(",");
  const groups = agents.map((agent) => agent.groupId).join(",");
  ports.task.output("agentName", names);
  ports.task.output("agentId", agents.map((agent) => agent.id).join(","));
  ports.task.output("containerGroupName", names);
  ports.task.output("containerGroupId", groups);
  // The predecessor's names for the same things.
  ports.task.output("ImageNameOutput", names);
  ports.task.output("ImageIdOutput", groups);
}

/**
 * @param entrypoint text of `agent-image/entrypoint.sh`
 * @throws `TaskError`; `Cancelled`. Then nothing it made is left, or the post-job step removes it
 */
export async function create(ports: Ports, settings: CreateSettings, entrypoint: string): Promise<Outcome> {
  const began = ports.clock.now();
  const context = patientContext(ports, began);
  const ledger = ledgerOf(ports.task);
  return withCleanup({ ports, context, began, ledger, keepOnError: settings.keepOnError }, async () => {
    const taken: string[] = [];
    const made = await sweepBeside(context, settings.run, async () => {
      const shared = await prepare(context, settings, entrypoint);
      announce(context, shared);
      ports.task.progress(10, "creating");
      return allOrFirstFailure(
        Array.from({ length: settings.agentCount }, async () => {
          for (let left = replacements, earlier: string | undefined; ; left--) {
            const plan = nextPlan(context, settings, ledger);
            if (earlier !== undefined) context.task.replaces(plan.name, earlier);
            const { agent, by } = await createAgent(context, shared, plan, async (agent, onlineMs) => ({
              agent,
              ...(settings.onlineMs > 0 ? await online(context, agent, settings.run, onlineMs) : { by: undefined }),
            }));
            if (by === undefined) return agent;
            // It must not get a second job.
            await context.pool.disable(agent.id);
            if (left === 0) throw new TaskError("EA708", `${agent.name}: ${takenBy(by)}.`);
            context.say(`${agent.name}: ${takenBy(by)}; creating another agent`);
            // Its job goes on. The run's clean-up removes it afterwards, like every other agent.
            taken.push(agent.name);
            earlier = agent.name;
          }
        }),
      );
    });
    outputAgents(ports, made);
    for (const name of [...made.map((agent) => agent.name), ...taken]) ledger.closed(name);
    ports.task.progress(100, settings.onlineMs > 0 ? "online" : "created");
    return succeeded;
  });
}
