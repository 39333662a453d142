// Twenty runs at once in one pool and one resource group, a third of them killed or canceled somewhere: none touches
// what another one needs, no job is lost or done twice, and the next run finds nothing left when it is over.
import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../../../simulator/start-simulator.ts";
import { stepIn } from "../harness/in-simulator.ts";
import { availableNodes, nodeBinary } from "../harness/node-versions.ts";
import { runTask } from "../harness/run-task.ts";
import { type Deletion, noteDeletions, runOf } from "../one-job/deletion-log.ts";
import { registration } from "../scenario/task-requests.ts";
import { type End, Member, type Plan } from "./one-of-many-runs.ts";
import { shapes } from "./sample-patterns.ts";

/** Which of them ends how. */
const ends: ReadonlyMap<number, End> = new Map([
  [2, { kind: "killed", nth: 5, machine: "lost" }],
  [4, { kind: "cancelled", nth: 12 }],
  [6, { kind: "killed", nth: 14, machine: "lives" }],
  [11, { kind: "killed", nth: 11, machine: "lost" }],
  [13, { kind: "cancelled", nth: 14 }],
  [15, { kind: "killed", nth: 26, machine: "lost" }],
  [18, { kind: "killed", nth: 20, machine: "lives" }],
]);

/** Every shape comes with one agent and with two. */
const plans: readonly Plan[] = Array.from({ length: 20 }, (_, index) => ({
  shape: shapes[index % shapes.length] ?? "parallel",
  count: index % 5 === 1 ? 2 : 1,
  end: ends.get(index) ?? { kind: "lives" },
}));

const told = ({ plan, logs }: Member): string => `${JSON.stringify(plan)}\n${logs.join("\n")}`;

async function assertServed(member: Member, members: readonly Member[]): Promise<void> {
  assert.equal(member.result, "succeeded", told(member));
  await Promise.all(
    member.jobs.map(async ({ counted, queued }) => {
      const { result, agentName = "", message } = await queued.outcome;
      assert.equal(result, "succeeded", `${message}\n${told(member)}`);
      assert.deepEqual(
        [counted.begun(), counted.ended()],
        [[agentName], [agentName]],
        "it was done once, on one agent",
      );
      const owner = members.find(({ run }) => run.id === runOf(agentName));
      if (member.plan.shape === "parallel")
        assert.equal(owner?.plan.shape, "parallel", "the agent was made for others");
      else assert.equal(owner, member, "the agent was another run's");
    }),
  );
}

/** A record or a group goes by its own run, or when that is over; and never while a job is on it. */
function assertNoneCrossed(deletions: readonly Deletion[]): void {
  assert.deepEqual(
    deletions.filter(({ by, of, ownerIsOver }) => by !== of && !ownerIsOver),
    [],
    "deleted by another run while its own went on",
  );
  assert.deepEqual(
    deletions.filter(({ busy }) => busy),
    [],
    "deleted while a job was on it",
  );
}

/** Settles once so many agents were registered. */
const seenRecords = ({ requests }: Simulator, many: number) =>
  requests.answered(() => requests.entries.filter((one) => registration(one) && one.status === 200).length >= many);

/** A run that comes later: a sweep, or with a job of its own. */
async function later(simulator: Simulator, action: "sweep" | "run"): Promise<void> {
  const { run, start, queueJob } = stepIn(simulator, { action });
  const working = runTask(start);
  const job = action === "run" ? queueJob("true", ["EphemeralAgent"]) : undefined;
  const ended = await working;
  assert.equal(ended.result, "succeeded", ended.log);
  assert.equal((await job?.outcome)?.result ?? "succeeded", "succeeded");
  run.complete("succeeded");
}

describe("Twenty runs at once in one pool and one resource group", () => {
  it("leave one another alone, and nothing behind", async function () {
    this.timeout(300_000);
    const nodes = await Promise.all(availableNodes.map(nodeBinary));
    // Twenty listeners on a busy machine may be slow to be heard of.
    const simulator = await startSimulator({ organization: { lockMs: 60_000, offlineAfterMs: 60_000 } });
    try {
      simulator.organization.addPlaceholder(simulator.ready.pool);
      const members = plans.map(
        (plan, index) => new Member(simulator, plan, nodes[index % nodes.length] ?? process.execPath),
      );
      const deletions = noteDeletions(simulator, members);
      const lives = members.map((member) => member.live());
      // Scheduled sweeps come in the middle of it: when most agents are there and idle, and when the first run has died.
      await seenRecords(simulator, 12);
      await later(simulator, "sweep");
      await Promise.any(
        members.map(({ plan }, index) => (plan.end.kind === "lives" ? Promise.reject() : lives[index])),
      );
      await later(simulator, "sweep");
      await Promise.all(lives);

      const ended = members.filter(({ plan }) => plan.end.kind !== "lives");
      assert.equal(ended.length, ends.size);
      for (const member of ended) assert.notEqual(member.result, "succeeded", `it was over before:\n${told(member)}`);
      for (const member of members) if (!ended.includes(member)) await assertServed(member, members);
      await later(simulator, "run");
      assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
      assertNoneCrossed(deletions.filter(({ of }) => members.some(({ run }) => run.id === of)));
      const byOthers = deletions.filter(({ by, of }) => by !== of);
      assert.ok(byOthers.length >= 2, "what lost machines left was another run's to remove");
    } finally {
      await simulator.stop();
    }
  });
});
