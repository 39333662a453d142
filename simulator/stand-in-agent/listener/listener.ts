// The listener: opens a session, waits for messages, and hands jobs to workers.
import type { JobMessage } from "../../job-execution/job/job-message.ts";
import { isOf, messageOf } from "../client/organization-client.ts";
import { systemCapabilities } from "../configuration/agent-capabilities.ts";
import { stamp } from "../diagnostic-log.ts";
import { type Behaviour, firstTime } from "../injected-faults.ts";
import { JobDispatcher } from "./job-dispatcher.ts";
import { type AgentMessage, MessageQueue, type QueueConnection } from "./message-polling.ts";
import { exchangeListener, selfUpdate } from "./self-update.ts";

/** Facts agent-protocol §2.1. */
export const exitCode = {
  success: 0,
  terminatedError: 1,
  retryableError: 2,
  agentUpdating: 3,
  runOnceAgentUpdating: 4,
} as const;

interface ListenerOptions {
  readonly once: boolean;
  readonly behaviour: Behaviour;
  readonly environment: NodeJS.ProcessEnv;
  /** Aborted when the agent is told to end. */
  readonly shutdown: AbortSignal;
}

type Event =
  | { readonly kind: "message"; readonly message: AgentMessage | undefined }
  | { readonly kind: "jobDone" }
  | { readonly kind: "updated"; readonly applied: boolean };

/** Opens a session, takes messages until there is no more reason to, closes the session. Returns the exit code. */
export async function listen(connection: QueueConnection, options: ListenerOptions): Promise<number> {
  const { install, settings, say, trace } = connection;
  const queue = new MessageQueue(connection);
  const dispatcher = new JobDispatcher(connection, options);
  const over = new AbortController();
  const stop = AbortSignal.any([options.shutdown, over.signal]);
  try {
    say("Scanning for tool capabilities.");
    const capabilities = systemCapabilities(install, settings, options.environment);
    await beforeSession(connection);
    say("Connecting to the server.");
    if (!(await queue.open(capabilities, stop))) {
      return options.shutdown.aborted ? exitCode.success : exitCode.terminatedError;
    }
    say(`${stamp()}: Listening for Jobs`);
    void queue.keepAlive(stop);
    if (options.behaviour === "update-first" && firstTime(install)) {
      await exchangeListener(install);
      return updating(options);
    }
    return await takeMessages(connection, options, { queue, dispatcher, stop });
  } catch (error) {
    if (!isOf(error, ["TaskAgentAccessTokenExpiredException"])) throw error;
    trace(`Agent OAuth token has been revoked: ${messageOf(error)}`);
    return exitCode.success;
  } finally {
    over.abort();
    await dispatcher.shutdown();
    await queue.close();
  }
}

/** What the agent asks and tells before it opens a session; neither is of any consequence when it fails (facts §2.6). */
async function beforeSession({ server, settings, install, trace }: QueueConnection): Promise<void> {
  const event = { area: "PipelinesTasks", feature: "AgentStart", properties: { version: install.version } };
  const flag = { query: { checkFeatureExists: "false" } };
  for (const ask of [
    () => server.call("POST", "customerIntelligence", {}, { body: [event] }),
    () => server.call("GET", "featureFlags", { name: "DistributedTask.Agent.EnableProgressiveRetryBackoff" }, flag),
  ]) {
    try {
      await ask();
    } catch (error) {
      trace(`Before the session of agent ${settings.agentId}: ${messageOf(error)}`);
    }
  }
}

interface Listening {
  readonly queue: MessageQueue;
  readonly dispatcher: JobDispatcher;
  readonly stop: AbortSignal;
}

async function takeMessages(
  connection: QueueConnection,
  options: ListenerOptions,
  { queue, dispatcher, stop }: Listening,
): Promise<number> {
  let polling: Promise<Event> | undefined;
  let job: Promise<Event> | undefined;
  let update: Promise<Event> | undefined;
  let received = false;
  for (;;) {
    polling ??= queue.next(stop).then((message) => ({ kind: "message", message }));
    const event = await Promise.race([polling, job, update].filter((each) => each !== undefined));
    if (event.kind === "jobDone") {
      if (options.once) return exitCode.success;
      job = undefined;
    } else if (event.kind === "updated") {
      update = undefined;
      // A job that runs is finished first.
      await job;
      if (event.applied) return updating(options);
    } else {
      const { message } = event;
      if (message === undefined) return exitCode.success;
      polling = undefined;
      const body = JSON.parse(message.body);
      // A job that cannot be taken now is not deleted: it comes again (facts agent-protocol §2.3).
      const postponed = isJob(message) && (update !== undefined || received || dispatcher.busy);
      if (postponed) continue;
      if (isJob(message)) {
        received = options.once;
        job = dispatcher.run(body as JobMessage).then(() => ({ kind: "jobDone" }));
      } else if (message.messageType === "JobCancellation") {
        dispatcher.cancel(body.jobId, milliseconds(body.timeout));
      } else if (message.messageType === "AgentRefresh") {
        update ??= selfUpdate(connection, body.targetVersion).then((applied) => ({ kind: "updated", applied }));
      }
      await queue.delete(message);
    }
  }
}

const updating = ({ once }: ListenerOptions): number => (once ? exitCode.runOnceAgentUpdating : exitCode.agentUpdating);

const isJob = ({ messageType }: AgentMessage): boolean => messageType === "PipelineAgentJobRequest";

/** Of a .NET TimeSpan, `hh:mm:ss`. */
function milliseconds(timeSpan: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = timeSpan.split(":").map(Number);
  return ((hours * 60 + minutes) * 60 + seconds) * 1000;
}
