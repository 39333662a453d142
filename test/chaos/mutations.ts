// Safeties of the core, each with an edit that switches it off and a schedule that notices. A harness that does not notice could
// not find any failure.

import type { Mutation } from "./mutant.ts";

export const mutations: readonly Mutation[] = [
  {
    safety: "write-ahead",
    edits: [
      {
        file: "actions/prepare.ts",
        find: '  ledger.opened({ name: plan.name, registersItself: settings.registration === "container" });\n',
        replace: "",
      },
    ],
    seed: 2,
  },
  {
    safety: "expiry",
    edits: [
      {
        file: "plan/agent-and-container-group.ts",
        find: "resourceGroupId(settings), expires)",
        replace: "resourceGroupId(settings), 8.64e15)",
      },
    ],
    seed: 51,
  },
  {
    safety: "second judgement",
    edits: [
      {
        file: "lifecycle/remove/remove-leftovers.ts",
        find: "await stillNeeded(context, agent)",
        replace: "{ record: true, why: undefined }",
      },
      { file: "lifecycle/remove/remove-agent.ts", find: 'record.assignedRequest ? "busy" : await', replace: "await" },
    ],
    seed: 5,
  },
  {
    safety: "disable on assignment",
    edits: [
      {
        file: "lifecycle/watch/await-job.ts",
        find: "if (!disabled) await context.pool.disable(agent.id);",
        replace: "",
      },
    ],
    seed: 2,
  },
  {
    safety: "record before group",
    edits: [
      {
        file: "lifecycle/remove/remove-agent.ts",
        find: "  const unregistered = unregister(context, agent, limitMs, onRemoved);",
        replace: "  await next();\n  const unregistered = unregister(context, agent, limitMs, onRemoved);",
      },
    ],
    seed: 12,
  },
  {
    safety: "hand-over of what create made",
    edits: [
      {
        file: "actions/create.ts",
        find: "for (const name of [...made.map((agent) => agent.name), ...taken]) ledger.closed(name);",
        replace: "",
      },
    ],
    seed: 4,
  },
  {
    safety: "recognition of a create whose answer was lost",
    edits: [
      {
        file: "lifecycle/step/retrying-ports.ts",
        find: "await waitUntilVisible({ ...retrier, signal }, () => host.get(definition.name, signal))",
        replace: "undefined",
      },
    ],
    seed: 182,
  },
  {
    safety: "marks in the registration itself",
    edits: [
      {
        file: "plan/agent-and-container-group.ts",
        find: '      ...plan.marks,\n      "Agent.Name"',
        replace: '      "Agent.Name"',
      },
    ],
    seed: 422,
  },
  {
    safety: "a busy agent is left alone on cancel",
    edits: [
      {
        file: "lifecycle/step/cleanup-on-exit.ts",
        find: 'record?.assignedRequest || (record && (await context.pool.remove(record.id)) === "busy")',
        replace: "record && (await context.pool.remove(record.id)) === undefined",
      },
    ],
    seed: 169,
  },
  {
    safety: "a record without marks is told by its group, or by the ledger",
    edits: [
      {
        file: "lifecycle/remove/remove-agent.ts",
        find: "(registersItself && runOf(marks) === undefined)",
        replace: "false",
      },
    ],
    seed: 233,
  },
  {
    safety: "a second look for the record of a container that registers itself",
    edits: [
      {
        file: "lifecycle/remove/remove-agent.ts",
        find: "  await late(unseenMs);\n",
        replace: "",
      },
    ],
    seed: 457,
  },
  {
    safety: "patience with what was just made",
    edits: [{ file: "lifecycle/step/wait-until-visible.ts", find: "unseenMs = 12_000", replace: "unseenMs = 0" }],
    seed: 5,
  },
  {
    safety: "a second look at lists that are behind",
    edits: [{ file: "actions/remove.ts", find: "againMs === 0 ? [] : searchAgain(againMs)", replace: "[]" }],
    seed: 504,
    polite: true,
  },
  {
    safety: "an agent expires by the services' time",
    edits: [{ file: "actions/prepare.ts", find: "context.clock.date(),", replace: "context.clock.now()," }],
    seed: 4,
  },
  {
    safety: "maintenance is none of the run's jobs",
    edits: [
      { file: "lifecycle/watch/job-forecast.ts", find: "    plansOfRuns.test(request.planType) &&\n", replace: "" },
    ],
    seed: 277,
  },
  {
    safety: "clean-up after an error that nobody expects",
    edits: [
      {
        file: "lifecycle/step/cleanup-on-exit.ts",
        find: "if (!guard.ports.task.cancelled.aborted) await close(guard);",
        replace:
          "if (error instanceof TypeError) throw error;\n    if (!guard.ports.task.cancelled.aborted) await close(guard);",
      },
    ],
    seed: 11,
  },
  {
    safety: "a sweep that could not read the state of a run says so",
    edits: [
      { file: "actions/sweep.ts", find: "    if (row.unknown) return", replace: "    if (rows.length === 0) return" },
    ],
    seed: 51,
  },
  {
    safety: "a claimed group goes before a cold start takes its name",
    edits: [
      {
        file: "lifecycle/create/create-agent.ts",
        find: "if (standby && !mayBeThere) return true;",
        replace: "if (standby) return true;",
      },
    ],
    seed: 57,
  },
  {
    safety: "a claimed agent that has a job is kept",
    edits: [
      {
        file: "lifecycle/create/create-agent.ts",
        find: "      if (await inUse(context, known)) throw error;\n",
        replace: "",
      },
      {
        file: "lifecycle/create/create-agent.ts",
        find: '      if (way.standby && groupId !== "" && thrown instanceof ServiceFault) throw error;\n',
        replace: "",
      },
      {
        file: "lifecycle/create/clear-previous-group.ts",
        find: "let came = isInUse(record);",
        replace: "let came = false;",
      },
    ],
    seed: 3898,
  },
  {
    safety: "a cold start takes the place of a claimed agent that did not come",
    edits: [{ file: "actions/run.ts", find: " || agent.isClaimed", replace: "" }],
    seed: 4450,
  },
  {
    safety: "nothing is claimed that is not what the step asks for",
    edits: [
      {
        file: "lifecycle/create/standby-claim.ts",
        find: "if (pool === undefined || unlike.length === 0) return pool;",
        replace: "if (pool === undefined || unlike.length >= 0) return pool;",
      },
    ],
    seed: 37,
  },
  {
    safety: "no job comes to an agent whose group is being deleted",
    edits: [
      {
        file: "lifecycle/create/clear-previous-group.ts",
        find: "(await takeOutOfService(context, known.id))",
        replace: "known",
      },
      {
        file: "lifecycle/create/clear-previous-group.ts",
        find: "stopWhen(isInUse), stopWhen(hasJob)",
        replace: "async () => undefined",
      },
    ],
    seed: 2058,
  },
  {
    safety: "a list that has not got a record says nothing",
    edits: [
      {
        file: "lifecycle/watch/batched-agent-reads.ts",
        find: "return (await next).get(id) ?? pool.get(id);",
        replace: "return (await next).get(id);",
      },
    ],
    seed: 33470,
  },
];
