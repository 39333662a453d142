// Finds out why a queued job does not get an agent, as far as the services show it.

import { TaskError } from "../../errors/catalog.ts";
import type { AgentView, Clock, JobRequest } from "../../ports.ts";
import { jobDescription } from "../watch/job-description.ts";
import type { Reading } from "../watch/poll-agent.ts";
import type { Look } from "../watch/run-jobs.ts";

/** A job that has an agent is assigned at once; the two are read some seconds apart. */
const assignmentMs = 8_000;

/** Of the notice that the service shows beside a job without a slot (MicrosoftDocs/pipelines-dotnet-core #32). */
const noSlot = /parallelism type|maximum number of requests/i;

const lower = (values: Readonly<Record<string, string>>) =>
  new Map(Object.entries(values).map(([name, value]) => [name.toLowerCase(), value]));

/**
 * What the agent lacks of a job's demands. Of their forms only the two that users write are judged (facts agent-protocol
 * §5); what the service itself demands, such as `Agent.Version -gtVersion`, is its own business.
 */
function unmet(request: JobRequest, agent: AgentView): string[] {
  const has = lower({ ...agent.systemCapabilities, ...agent.capabilities });
  return (request.demands ?? []).flatMap((runJobs) => {
    const [, name = "", operator, value = ""] = /^(\S+)(?:\s+(-\S+)\s+(.*))?$/.exec(runJobs.trim()) ?? [];
    if (operator !== undefined && operator.toLowerCase() !== "-equals") return [];
    const found = has.get(name.toLowerCase());
    if (found !== undefined && (operator === undefined || found.toLowerCase() === value.toLowerCase())) return [];
    return [`'${runJobs}' (the agent has ${found === undefined ? "no such capability" : `'${found}'`})`];
  });
}

/** Why a queued job cannot come to the agent, or undefined when it can. */
function mismatch(request: JobRequest, agent: AgentView): string | undefined {
  const lacking = unmet(request, agent);
  if (lacking.length > 0) return `${jobDescription(request)} demands ${lacking.join(" and ")}.`;
  // The list may be as old as the request, so it counts only where the demands are not shown.
  const listed = request.demands !== undefined || (request.matchedAgentIds?.includes(agent.id) ?? true);
  return listed ? undefined : `${jobDescription(request)} is queued, but the agent is not among those that match it.`;
}

/** @returns what names the obstacle that a look at the run and a reading of the agent show together, if there is one */
export function obstacleWatch(clock: Clock): (look: Look, reading: Reading) => TaskError | undefined {
  let ready: { readonly requestId: number; readonly at: number } | undefined;

  return ({ queued, forecast }, { agentState, record }) => {
    const approval = forecast.kind === "may come" ? forecast.approval : undefined;
    if (approval && queued.length === 0) return new TaskError("EA705", `${approval} is open.`);
    if (agentState.kind !== "online" || record === undefined || queued.length === 0) {
      ready = undefined;
      return undefined;
    }
    const reasons = queued.map((request) => mismatch(request, record));
    const request = queued[reasons.indexOf(undefined)];
    if (request === undefined) return new TaskError("EA706", reasons.join(" "));
    const { statusMessage = "", requestId } = request;
    if (noSlot.test(statusMessage)) return new TaskError("EA707", `${jobDescription(request)}: ${statusMessage}`);
    if (ready?.requestId !== requestId) ready = { requestId, at: clock.now() };
    if (clock.now() - ready.at < assignmentMs) return undefined;
    return new TaskError(
      "EA707",
      `${jobDescription(request)} is queued although ${record.name} is online and meets its demands.`,
    );
  };
}
