import type { JobMessage, JobVariable, TaskResult } from "../worker/job-message.ts";
import { pause } from "./pauses.ts";
import { Server, ServerError } from "./server.ts";

/** The organization as the job sees it: with the token of its `SystemVssConnection`. */
export function jobServer({ resources }: JobMessage): Server {
  const connection = resources.endpoints.find(({ name }) => name.toLowerCase() === "systemvssconnection");
  const token = connection?.authorization.parameters.AccessToken;
  if (connection === undefined || token === undefined) throw new Error("The job has no SystemVssConnection.");
  return new Server(connection.url, () => Promise.resolve(token));
}

/** Where the job reports to. */
export function planPath({ plan }: JobMessage): string {
  const hub = plan.planType === "Build" ? "build" : "release";
  return `${plan.scopeIdentifier}/_apis/distributedtask/hubs/${hub}/plans/${plan.planId}`;
}

export interface Completion {
  readonly result: TaskResult;
  readonly outputs: Readonly<Record<string, JobVariable>>;
  readonly agentShuttingDown: boolean;
}

/**
 * Tells the service how the job ended; tries five times.
 * @throws ServerError when the service does not take it.
 */
export async function completeJob(server: Server, message: JobMessage, completion: Completion): Promise<void> {
  const { jobId, requestId } = message;
  const body = { name: "JobCompleted", jobId, requestId, ...completion };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await server.call("POST", `${planPath(message)}/events`, { body });
      return;
    } catch (error) {
      const isFinal = error instanceof ServerError && error.status < 500;
      if (isFinal || attempt >= 5) throw error;
      await pause(attempt * 200);
    }
  }
}
