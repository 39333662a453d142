// Assembles the parts that both entries use.
import type { CheckPorts } from "./actions/check.ts";
import { azureInspection } from "./azure/check-requests.ts";
import { containerHost } from "./azure/container-groups/container-host.ts";
import { registryInspection } from "./azure/registry/image-lookup.ts";
import { requirePool } from "./devops/agent-pool.ts";
import { devOpsInspection } from "./devops/check-requests.ts";
import { poolClient } from "./devops/pool-client.ts";
import { pipelineRun } from "./devops/run-timeline.ts";
import { asked } from "./errors/mapping/error-mapping.ts";
import { throttle } from "./http/throttling-headers.ts";
import { patient, persist, type RetryPolicy } from "./lifecycle/step/retry.ts";
import type { Ports } from "./lifecycle/step/step-context.ts";
import { withNamedJobs } from "./lifecycle/watch/job-names.ts";
import type { PipelineRun, ServiceFault, TaskHost } from "./ports.ts";
import { problemsError } from "./settings/input-problems.ts";
import type { RawTask } from "./settings/input-reader.ts";
import { parse } from "./settings/parse-settings.ts";
import type { Settings } from "./settings/settings.ts";
import { agentTransport } from "./taskhost/machine-network.ts";
import { withoutSecretsInLogs } from "./taskhost/secrets/known-secrets.ts";
import { clock, time } from "./taskhost/task-host.ts";
import { version } from "./version.ts";

/**
 * Reads the settings and tells what is ignored.
 * @throws `TaskError` EA101 that names every problem
 */
export function settingsOf(raw: RawTask, task: TaskHost): Settings {
  const parsed = parse(raw);
  if ("problems" in parsed) throw problemsError(parsed.problems);
  for (const note of parsed.notes) task.info(note);
  return parsed.settings;
}

/** Keys of agents that are made while the pool is looked up. */
const mostKeysAhead = 2;

/** How many agents the task is about to register itself, as far as their keys are made ahead. */
function keysAhead(settings: Settings): number {
  const makes = settings.action === "run" || settings.action === "create";
  return makes && settings.registration === "task" ? Math.min(settings.agentCount, mostKeysAhead) : 0;
}

/**
 * @param policy with which the pool is looked up
 * @throws `TaskError` EA507 when the pool does not exist; `ServiceFault`; `Cancelled`
 */
export async function portsOf(settings: Settings, task: TaskHost, policy: RetryPolicy = patient): Promise<Ports> {
  const { devops, agentPool, run } = settings;
  const onRetry = (fault: ServiceFault, pauseMs: number) =>
    task.info(
      `${asked(fault)} answered ${fault.code}: ${fault.message} Trying again in ${Math.ceil(pauseMs / 1000)} s.`,
    );
  const retrier = { clock, policy, signal: task.cancelled, onRetry };
  const limit = throttle(clock.now);
  const transport = agentTransport(time, limit);
  const tell = (line: string) => task.info(line);
  const client = poolClient(devops, transport, version, tell, keysAhead(settings));
  const pool = await persist(retrier, "pool.find", (signal) => requirePool(client, agentPool, signal));
  const timeline = pipelineRun(devops, run, transport, version, tell);
  return {
    clock,
    task,
    pool: withNamedJobs(pool, timeline, run),
    host: withoutSecretsInLogs(containerHost(settings, transport, version)),
    run: timeline,
    throttle: limit,
  };
}

/** The run alone, for what can be told without the pool. */
export function runOf({ devops, run }: Settings, task: TaskHost): PipelineRun {
  return pipelineRun(devops, run, agentTransport(time), version, (line) => task.info(line));
}

/** What a check looks through: unlike the other actions it goes on when the pool is not there. */
export function checkPortsOf({ azure, devops }: Settings, task: TaskHost): CheckPorts {
  const transport = agentTransport(time);
  return {
    clock,
    task,
    azure: azureInspection(azure, transport),
    registry: registryInspection(transport),
    devops: devOpsInspection(devops, transport, version),
  };
}
