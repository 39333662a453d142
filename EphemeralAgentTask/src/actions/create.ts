// The create action: creates agents for the jobs that follow.
import { TaskError } from "../errors.ts";
import type { RunIdentity } from "../identity.ts";
import { type Context, type Ports, patientContext } from "../lifecycle/context.ts";
import { diagnose } from "../lifecycle/diagnosis/diagnose.ts";
import { hinting } from "../lifecycle/diagnosis/hint.ts";
import { peeking } from "../lifecycle/diagnosis/peek.ts";
import { takenBy } from "../lifecycle/follow.ts";
import { guarded } from "../lifecycle/guard.ts";
import { ledgerOf } from "../lifecycle/ledger.ts";
import { meantFor } from "../lifecycle/outlook.ts";
import { type ProvisionedAgent, prepare, provision } from "../lifecycle/provision.ts";
import { sweepBeside } from "../lifecycle/sweep.ts";
import { trouble } from "../lifecycle/trouble.ts";
import { watch } from "../lifecycle/watch.ts";
import type { JobRequest } from "../ports.ts";
import type { CreateSettings } from "../settings.ts";
import { announce, nextPlan } from "./make.ts";
import { type Outcome, succeeded } from "./outcome.ts";
import { allOrFirstFailure } from "./together.ts";

const listening = new Set(["online", "assigned", "finished"]);

/**
 * Waits until the listener is there.
 * @returns the job that is not of this run and got the agent, if one did
 * @throws `TaskError` of the groups 2xx, 4xx and 6xx
 */
async function online(context: Context, agent: ProvisionedAgent, run: RunIdentity, onlineMs: number): Promise<Taken> {
  const peek = peeking(context, agent.name, hinting(context, agent.name));
  return watch<Taken>(context, agent, async (reading) => {
    const error = trouble(reading, onlineMs);
    if (error) throw await diagnose(context, agent.name, error);
    peek(reading);
    if (!listening.has(reading.standing.kind)) return undefined;
    const request = "request" in reading.standing ? reading.standing.request : undefined;
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
export function outputAgents(ports: Ports, agents: readonly ProvisionedAgent[]): void {
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
  return guarded({ ports, context, began, ledger, keepOnError: settings.keepOnError }, async () => {
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
            const { agent, by } = await provision(context, shared, plan, async (agent, onlineMs) => ({
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
