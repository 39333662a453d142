// The requests that a worker sends on behalf of its job.
import { type JobMessage, jobCompletedEventFrom, type TaskResult } from "../../job-execution/job/job-message.ts";
import { Server, ServerError } from "../client/organization-client.ts";
import { pause } from "../client/pauses.ts";
import type { RouteValues } from "../client/resource-discovery.ts";

/** The organization as the job sees it: with the token of its `SystemVssConnection`, which it shows unasked. */
export function jobServer({ resources }: JobMessage): Server {
  const connection = resources.endpoints.find(({ name }) => name.toLowerCase() === "systemvssconnection");
  const token = connection?.authorization.parameters.AccessToken;
  if (connection === undefined || token === undefined) throw new Error("The job has no SystemVssConnection.");
  return new Server(connection.url, { scheme: "Bearer", token: () => Promise.resolve(token), unasked: true });
}

/** Where the job reports to. */
export function planOf({ plan }: JobMessage): RouteValues {
  return { scopeIdentifier: plan.scopeIdentifier, hubName: plan.planType, planId: plan.planId };
}

/** Whether the worker ends the job by an event of its plan; the listener does it by the job request otherwise. */
export const endsByEvent = ({ plan }: JobMessage): boolean => (plan.version ?? 0) >= jobCompletedEventFrom;

interface Completion {
  readonly result: TaskResult;
  readonly agentShuttingDown: boolean;
}

/**
 * Tells the service how the job ended; tries five times.
 * @throws ServerError when the service does not take it.
 */
export async function completeJob(server: Server, message: JobMessage, completion: Completion): Promise<void> {
  const { jobId, requestId } = message;
  const body = { name: "JobCompleted", jobId, requestId, ...completion };
  await persist(() => server.call("POST", "events", planOf(message), { body }));
}

/** Tries five times. @throws ServerError when the service does not take it. */
export async function persist(send: () => Promise<unknown>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await send();
      return;
    } catch (error) {
      const isFinal = error instanceof ServerError && error.status < 500;
      if (isFinal || attempt >= 5) throw error;
      await pause(attempt * 200);
    }
  }
}
