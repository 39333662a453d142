// Safeties of the core, each with an edit that switches it off and a schedule that notices. A harness that does not notice could
// not find any failure.

import type { Mutation } from "./mutant.ts";

/** @param find stands exactly once in the file */
function edit(file: string, find: string, replace: string) {
  return { file, find, replace };
}

/** As with an image that hides the variable from its agent. */
const withoutVariable = edit("plan/agent-and-container-group.ts", "    ...variableOfMarks(plan.marks),\n", "");

export const mutations: readonly Mutation[] = [
  {
    safety: "write-ahead",
    edits: [
      edit(
        "actions/prepare.ts",
        '  ledger.opened({ name: plan.name, registersItself: settings.registration === "container" });\n',
        "",
      ),
    ],
    seed: 2,
  },
  {
    safety: "expiry",
    edits: [
      edit(
        "plan/agent-and-container-group.ts",
        "resourceGroupId(settings), expires)",
        "resourceGroupId(settings), 8.64e15)",
      ),
    ],
    seed: 51,
  },
  {
    safety: "second judgement",
    edits: [
      edit(
        "lifecycle/remove/remove-leftovers.ts",
        "await stillNeeded(context, agent)",
        "{ record: true, why: undefined }",
      ),
      edit("lifecycle/remove/remove-agent.ts", 'record.assignedRequest ? "busy" : await', "await"),
    ],
    seed: 5,
  },
  {
    safety: "disable on assignment",
    edits: [edit("lifecycle/watch/await-job.ts", "if (!disabled) await context.pool.disable(agent.id);", "")],
    seed: 2,
  },
  {
    safety: "record before group",
    edits: [
      edit(
        "lifecycle/remove/remove-agent.ts",
        "  const unregistered = unregister(context, agent, limitMs, onRemoved);",
        "  await next();\n  const unregistered = unregister(context, agent, limitMs, onRemoved);",
      ),
    ],
    seed: 12,
  },
  {
    safety: "hand-over of what create made",
    edits: [
      edit(
        "actions/create.ts",
        "for (const name of [...made.map((agent) => agent.name), ...taken]) ledger.closed(name);",
        "",
      ),
    ],
    seed: 4,
  },
  {
    safety: "recognition of a create whose answer was lost",
    edits: [
      edit(
        "lifecycle/step/retrying-ports.ts",
        "await waitUntilVisible({ ...retrier, signal }, () => host.get(definition.name, signal))",
        "undefined",
      ),
    ],
    seed: 182,
  },
  {
    safety: "marks in the registration itself",
    edits: [
      edit("plan/agent-and-container-group.ts", '      ...plan.marks,\n      "Agent.Name"', '      "Agent.Name"'),
    ],
    seed: 422,
  },
  {
    safety: "a busy agent is left alone on cancel",
    edits: [
      edit(
        "lifecycle/step/cleanup-on-exit.ts",
        'record?.assignedRequest || (record && (await context.pool.remove(record.id)) === "busy")',
        "record && (await context.pool.remove(record.id)) === undefined",
      ),
    ],
    seed: 169,
  },
  {
    safety: "marks in the environment of a container that registers itself",
    edits: [withoutVariable],
    seed: 807479128,
  },
  {
    safety: "a record without marks is told by its group, or by the ledger",
    edits: [
      withoutVariable,
      edit("lifecycle/remove/remove-agent.ts", "(registersItself && runOf(marks) === undefined)", "false"),
    ],
    seed: 233,
  },
  {
    safety: "a second look for the record of a container that registers itself",
    edits: [edit("lifecycle/remove/remove-agent.ts", "  await late(unseenMs);\n", "")],
    seed: 457,
  },
  {
    safety: "patience with what was just made",
    edits: [edit("lifecycle/step/wait-until-visible.ts", "unseenMs = 12_000", "unseenMs = 0")],
    seed: 5,
  },
  {
    safety: "a second look at lists that are behind",
    edits: [edit("actions/remove.ts", "againMs === 0 ? [] : searchAgain(againMs)", "[]")],
    seed: 504,
    polite: true,
  },
  {
    safety: "an agent expires by the services' time",
    edits: [edit("actions/prepare.ts", "context.clock.date(),", "context.clock.now(),")],
    seed: 4,
  },
  {
    safety: "maintenance is none of the run's jobs",
    edits: [edit("lifecycle/watch/job-forecast.ts", "    plansOfRuns.test(request.planType) &&\n", "")],
    seed: 277,
  },
  {
    safety: "clean-up after an error that nobody expects",
    edits: [
      edit(
        "lifecycle/step/cleanup-on-exit.ts",
        "if (!guard.ports.task.cancelled.aborted) await close(guard);",
        "if (error instanceof TypeError) throw error;\n    if (!guard.ports.task.cancelled.aborted) await close(guard);",
      ),
    ],
    seed: 11,
  },
  {
    safety: "a sweep that could not read the state of a run says so",
    edits: [edit("actions/sweep.ts", "    if (row.unknown) return", "    if (rows.length === 0) return")],
    seed: 51,
  },
  {
    safety: "a claimed group goes before a cold start takes its name",
    edits: [
      edit("lifecycle/create/create-agent.ts", "if (standby && !mayBeThere) return true;", "if (standby) return true;"),
    ],
    seed: 57,
  },
  {
    safety: "a claimed agent that has a job is kept",
    edits: [
      edit("lifecycle/create/create-agent.ts", "      if (await inUse(context, known)) throw error;\n", ""),
      edit(
        "lifecycle/create/create-agent.ts",
        '      if (way.standby && groupId !== "" && thrown instanceof ServiceFault) throw error;\n',
        "",
      ),
      edit("lifecycle/create/clear-previous-group.ts", "let came = isInUse(record);", "let came = false;"),
    ],
    seed: 3898,
  },
  {
    safety: "a cold start takes the place of a claimed agent that did not come",
    edits: [edit("actions/run.ts", " || agent.isClaimed", "")],
    seed: 4450,
  },
  {
    safety: "nothing is claimed that is not what the step asks for",
    edits: [
      edit(
        "lifecycle/create/standby-claim.ts",
        "if (pool === undefined || unlike.length === 0) return pool;",
        "if (pool === undefined || unlike.length >= 0) return pool;",
      ),
    ],
    seed: 37,
  },
  {
    safety: "no job comes to an agent whose group is being deleted",
    edits: [
      edit("lifecycle/create/clear-previous-group.ts", "(await takeOutOfService(context, known.id))", "known"),
      edit("lifecycle/create/clear-previous-group.ts", "stopWhen(isInUse), stopWhen(hasJob)", "async () => undefined"),
    ],
    seed: 2058,
  },
  {
    safety: "a list that has not got a record says nothing",
    edits: [
      edit(
        "lifecycle/watch/batched-agent-reads.ts",
        "return (await next).get(id) ?? pool.get(id);",
        "return (await next).get(id);",
      ),
    ],
    seed: 33470,
  },
];
