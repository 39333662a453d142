// What steps of a run may have attached: good ends, bad ends, and what somebody wants to harm with.
import type { AgentRecord, PhaseName, StepRecord } from "../../EphemeralAgentTask/src/report/step-record.ts";

const begin = Date.parse("2026-03-02T10:00:00Z");
const at = (seconds: number): string => new Date(begin + seconds * 1000).toISOString();

/** Phases by the second of the run in which each began. */
const phases = (seconds: Partial<Record<PhaseName, number>>) =>
  Object.entries(seconds).map(([name, second]) => ({ name: name as PhaseName, at: at(second) }));

const place = {
  region: "westeurope",
  subnet: "snet-agents",
  resourceGroup: "rg-ephemeral-agents",
  cpu: 1,
  memoryInGB: 2,
  image: "contoso.azurecr.io/azure-pipelines-agent:latest",
};

export const served: AgentRecord = {
  name: "eph-42-k3v9q1",
  id: 7,
  pool: "ephemeral-agents",
  place,
  phases: phases({
    registered: 0,
    requested: 2,
    pulled: 35,
    started: 52,
    online: 56,
    assigned: 57,
    finished: 140,
    unregistered: 142,
    deleted: 147,
  }),
  job: { name: "Deploy", result: "succeeded" },
  waited: { who: "job", seconds: 48 },
  result: "served",
  cost: { currency: "USD", amount: 0.00182, vcpuSeconds: 145, gbSeconds: 290, pricesOf: "2026-11-01" },
};

export const failed: AgentRecord = {
  name: "eph-42-m8d2x7",
  pool: "ephemeral-agents",
  place,
  phases: phases({ registered: 3, requested: 5, unregistered: 95, deleted: 99 }),
  result: "failed",
  error: {
    code: "EA401",
    title: "The image cannot be pulled: it is not there.",
    cause: 'Failed: Failed to pull image "contoso.azurecr.io/azure-pipelines-agent:latst": not found',
    next: "Correct imageName: the registry has no such repository or tag.",
  },
  events: [
    { at: at(20), type: "Normal", name: "Pulling", message: "pulling image", count: 1 },
    { at: at(40), type: "Warning", name: "Failed", message: "Failed to pull image: not found", count: 3 },
  ],
  log: "starting\nno agent in the image\n",
};

export const step = (part: Partial<StepRecord>): StepRecord => ({
  version: 1,
  action: "run",
  runId: "42",
  stage: "production",
  attempt: "1",
  began: at(0),
  ended: at(150),
  result: "succeeded",
  agents: [],
  ...part,
});

const several = [0, 1, 2, 3, 4].map(
  (index): AgentRecord => ({
    ...served,
    name: `eph-42-${"abcde"[index]}00${index}`,
    phases: served.phases.map(({ name, at: when }) => ({
      name,
      at: new Date(Date.parse(when) + index * 9000).toISOString(),
    })),
    job: {
      name: `Deploy ${["web", "api", "jobs", "reports", "search"][index]}`,
      result: index === 3 ? "failed" : "succeeded",
    },
  }),
);

const replacement: AgentRecord = {
  ...served,
  name: "eph-42-r4p1ac",
  replaces: "eph-42-k3v9q1",
  phases: served.phases.map(({ name, at: when }) => ({ name, at: new Date(Date.parse(when) + 60_000).toISOString() })),
};

const long = "a-very-long-name-".repeat(20);

/** Everything that must stay text. */
export const hostile = [
  '<img src=x onerror="window.harmed=1">',
  "<script>window.harmed=1</script>",
  "##vso[task.setvariable variable=x]harm",
  "\u202egnp.exe \u0007\u001b[31mred\u0000",
  "[a link](javascript:window.harmed=1)",
  '"; window.harmed=1; "',
].join(" ");

export const stories: Readonly<Record<string, readonly unknown[]>> = {
  success: [step({ agents: [served] })],
  failure: [step({ agents: [failed], result: "failed", ...(failed.error ? { error: failed.error } : {}) })],
  several: [step({ agents: several })],
  replaced: [step({ agents: [served, replacement] })],
  long: [
    step({
      agents: [{ ...served, name: long, job: { name: long, result: "failed" }, place: { ...place, subnet: long } }],
    }),
  ],
  hostile: [
    step({
      agents: [
        {
          ...failed,
          name: hostile,
          pool: hostile,
          job: { name: hostile, result: hostile },
          log: hostile,
          error: { code: hostile, title: hostile, cause: hostile, next: hostile },
          events: [{ at: hostile, type: hostile, name: hostile, message: hostile, count: 1 }],
        },
      ],
    }),
  ],
  sweep: [
    step({
      action: "sweep",
      lines: [{ subject: "eph-40-aaaaaa", result: "removed", text: "run 40 has finished" }],
    }),
  ],
  nothing: [],
  nonsense: [
    null,
    7,
    "text",
    { version: 2 },
    { version: 1, agents: { name: 1 } },
    step({ agents: [{} as AgentRecord] }),
  ],
};
