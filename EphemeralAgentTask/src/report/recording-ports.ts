// Watches the ports on behalf of the summary: whatever the life of an agent asks and hears is noted, and nothing in it has
// to know. A request that fails is noted by nobody.

import type { Ports } from "../lifecycle/step/step-context.ts";
import { madeByRun, marksOf, type RunIdentity } from "../plan/owner-marks.ts";
import type { AgentPool, AgentView, ContainerHost, TaskHost } from "../ports.ts";
import { errorOf } from "./error-record.ts";
import { forwarding } from "./forwarding-task-host.ts";
import type { Recorder } from "./step-recorder.ts";

function observingPool(pool: AgentPool, run: RunIdentity, recorder: Recorder, date: () => number): AgentPool {
  const names = new Map<number, string>();

  function saw(record: AgentView | undefined): void {
    if (record === undefined || !(recorder.knows(record.name) || madeByRun(run, marksOf(record)))) return;
    const { id, name, online, assignedRequest, lastCompletedRequest } = record;
    names.set(id, name);
    if (online) recorder.online(name, date());
    const request = assignedRequest ?? lastCompletedRequest;
    if (request) recorder.job(name, request, date());
  }

  return {
    ...pool,
    async register(definition, signal) {
      const agent = await pool.register(definition, signal);
      names.set(agent.id, agent.name);
      recorder.registered(agent.name, agent.id, date());
      return agent;
    },
    async get(id, signal) {
      const record = await pool.get(id, signal);
      saw(record);
      return record;
    },
    async remove(id, signal) {
      const answer = await pool.remove(id, signal);
      const name = names.get(id);
      if (name !== undefined && answer !== "busy") recorder.phase(name, "unregistered", date());
      return answer;
    },
  };
}

function observingHost(host: ContainerHost, run: RunIdentity, recorder: Recorder, date: () => number): ContainerHost {
  const resourceGroup = host.resourceGroupId.split("/").at(-1) ?? "";
  return {
    ...host,
    async create(definition, signal) {
      recorder.requested(definition, resourceGroup, date());
      return host.create(definition, signal);
    },
    async get(name, signal) {
      const group = await host.get(name, signal);
      if (group && (recorder.knows(name) || madeByRun(run, group.tags))) recorder.group(group, resourceGroup);
      return group;
    },
    async remove(name, signal) {
      const answer = await host.remove(name, signal);
      if (recorder.knows(name)) recorder.phase(name, "deleted", date());
      return answer;
    },
    async log(name, lines, signal) {
      const text = await host.log(name, lines, signal);
      if (recorder.knows(name)) recorder.log(name, text);
      return text;
    },
  };
}

/** Errors of an agent begin with its name. */
function observingTask(task: TaskHost, recorder: Recorder): TaskHost {
  return forwarding(task, {
    error(code, message) {
      const [, name = "", told = ""] = /^(\S+): (.*)$/s.exec(message) ?? [];
      if (recorder.knows(name)) recorder.failed(name, errorOf(code, told));
      task.error(code, message);
    },
    replaces: (name, earlier) => recorder.replaces(name, earlier),
  });
}

/** The same ports, whose traffic the recorder notes. */
export function observing(ports: Ports, run: RunIdentity, recorder: Recorder): Ports {
  const date = () => ports.clock.date();
  return {
    ...ports,
    pool: observingPool(ports.pool, run, recorder, date),
    host: observingHost(ports.host, run, recorder, date),
    task: observingTask(ports.task, recorder),
  };
}
