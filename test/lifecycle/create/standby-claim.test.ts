// An agent out of a standby pool, and what takes its place.
import assert from "node:assert/strict";
import { type ContainerGroupDefinition, ServiceFault } from "../../../EphemeralAgentTask/src/ports.ts";
import type { CreateSettings } from "../../../EphemeralAgentTask/src/settings/settings.ts";
import { codeOf, Scenario, type Step } from "../../actions/in-memory-step.ts";
import { secretOfAgents, standbyPool } from "../../in-memory/world-ports.ts";
import type { StandbyState } from "../../in-memory/world-state.ts";

const standbyPoolId =
  "/subscriptions/s/resourceGroups/g/providers/Microsoft.StandbyPool/standbyContainerGroupPools/agents";
const full: StandbyState = { ready: 1, refillMs: 60_000, bootMs: 2_000 };

interface Made {
  readonly s: Scenario;
  /** Every container group that was asked for, in order. */
  readonly asked: ContainerGroupDefinition[];
}

function scenario(standby: Partial<StandbyState> = {}): Made {
  const s = new Scenario();
  s.world.standby = { ...full, ...standby };
  s.world.placeholder();
  s.timeline({ deploy: "inProgress" });
  const asked: ContainerGroupDefinition[] = [];
  const { create } = s.world.host;
  s.world.host.create = (definition, signal) => {
    asked.push(definition);
    return create(definition, signal);
  };
  return { s, asked };
}

const kinds = ({ asked }: Made) => asked.map(({ standby }) => (standby ? "claimed" : "cold"));

async function served(made: Made, overrides: Partial<CreateSettings> = {}): Promise<Step> {
  const { s } = made;
  const job = s.world.queue({ runId: "101" });
  const step = s.step("run", { standbyPoolId, ...overrides });
  const end = await s.finish(step);
  assert.equal(codeOf(end), "succeeded", step.task.log);
  assert.deepEqual([job?.starts, job?.result], [1, "succeeded"]);
  assert.deepEqual(s.left, []);
  assert.deepEqual(s.world.broken, []);
  return step;
}

describe("A step with a standby pool", () => {
  it("claims a waiting container, which serves the job within seconds", async () => {
    const made = scenario();
    const step = await served(made);
    assert.deepEqual(kinds(made), ["claimed"]);
    const [job] = made.s.world.jobs;
    assert.ok((job?.assignedAt ?? 0) - (job?.queuedAt ?? 0) <= 6_000);
    assert.match(step.task.log, /claimed from standby pool 'agents'/);
    assert.doesNotMatch(step.task.log, new RegExp(secretOfAgents));
  });

  it("hands over the agent's files and not the start script, with the tags that tell whose the group is", async () => {
    const made = scenario();
    await served(made);
    const [{ standby, tags } = { standby: undefined, tags: {} }] = made.asked;
    const files = ["agent.json", "credentials.json", "rsaparams.json", "start.env"];
    assert.deepEqual(Object.keys(standby?.files ?? {}).sort(), files);
    assert.ok(
      Object.keys(tags).some((name) => /run/i.test(name)),
      JSON.stringify(tags),
    );
  });

  for (const [what, standby] of [
    ["is empty", { ready: 0 }],
    ["gives a container that never brings its agent online", { fate: "never comes online" }],
    ["gives a container that ends before its job", { fate: "crashes" }],
  ] as const) {
    it(`starts the same agent cold when the pool ${what}`, async () => {
      const made = scenario(standby);
      const step = await served(made);
      assert.deepEqual(kinds(made), ["claimed", "cold"]);
      assert.deepEqual([...new Set(made.asked.map(({ name }) => name))].length, 1);
      assert.match(step.task.log, /gave no agent\. Starting cold\./);
      assert.match(step.task.warnings.join(), /EA230/);
    });
  }

  it("goes on with the fallbacks where the cold start has no room", async () => {
    const made = scenario({ ready: 0 });
    const { create } = made.s.world.host;
    made.s.world.host.create = (definition, signal) => {
      if (definition.standby || definition.cpu === 1) return create(definition, signal);
      made.asked.push(definition);
      throw new ServiceFault("Azure", "ServiceUnavailable", "no room", { status: 409 });
    };
    made.s.world.standby = { ...full, ready: 0, profile: { cpu: 2, memoryInGB: 4 } };
    const location = "westeurope";
    const { subnetId = "" } = standbyPool(standbyPoolId);
    const placements = [
      { location, subnetId, cpu: 2, memoryInGB: 4 },
      { location, subnetId, cpu: 1, memoryInGB: 2 },
    ] as const;
    await served(made, { placements });
    assert.deepEqual(
      made.asked.map(({ standby, cpu }) => [standby !== undefined, cpu]),
      [
        [true, 2],
        [false, 2],
        [false, 1],
      ],
    );
  });

  it("blames no pool when Azure does not let it look at the agent that the pool gave", async () => {
    const made = scenario();
    const { host } = made.s.world;
    const { create, get } = host;
    let refused = 0;
    host.create = async (definition, signal) => {
      refused = 1;
      return create(definition, signal);
    };
    host.get = async (name, signal) => {
      if (refused-- > 0) throw new ServiceFault("Azure", "HTTP 401", "not you", { status: 401 });
      return get(name, signal);
    };
    const step = made.s.step("run", { standbyPoolId });
    assert.equal(codeOf(await made.s.finish(step)), "failed", step.task.log);
    assert.match(step.task.errors.join(), /EA229/);
    assert.deepEqual(kinds(made), ["claimed"]);
    assert.doesNotMatch(step.task.log, /gave no agent/);
    assert.deepEqual(made.s.left, []);
  });

  it("keeps a claimed agent that has a job, whatever its container does then", async () => {
    const made = scenario({ fate: "dies under the job" });
    made.s.world.queue({ runId: "101" });
    const step = made.s.step("run", { standbyPoolId });
    const end = await made.s.finish(step);
    assert.equal(codeOf(end), "failed", step.task.log);
    assert.deepEqual(kinds(made), ["claimed"]);
    assert.deepEqual(made.s.left, []);
  });

  it("goes on with a claimed agent that comes just after its time, and deletes nothing of it", async () => {
    const made = scenario({ bootMs: 64_000 });
    made.s.world.reading.idleDeletes = 1;
    const step = await served(made);
    assert.deepEqual(kinds(made), ["claimed"]);
    assert.match(step.task.log, /the agent came online after all/);
  });

  it("lets no job come to a claimed agent that comes while its container group is being deleted", async () => {
    const made = scenario({ bootMs: 1_000_000 });
    const { world } = made.s;
    world.queue({ runId: "101" });
    const { remove } = world.host;
    let came = false;
    world.host.remove = async (name, signal) => {
      const record = world.recordNamed(name);
      if (record && !came) {
        came = true;
        record.online = true;
        world.match();
        made.s.clock.after(20_000, () => {
          record.online = false;
        });
      }
      return remove(name, signal);
    };
    const step = made.s.step("run", { standbyPoolId });
    assert.deepEqual(await made.s.finish(step), { result: "succeeded" }, step.task.log);
    assert.ok(came);
    assert.deepEqual(kinds(made), ["claimed", "cold"]);
    assert.deepEqual(
      world.jobs.map(({ starts, result }) => [starts, result]),
      [[1, "succeeded"]],
    );
    assert.deepEqual(made.s.left, []);
  });

  it("knows a claim whose answer was lost by its name, and claims no second one", async () => {
    const made = scenario({ ready: 2 });
    const { create } = made.s.world.host;
    let lost = 0;
    made.s.world.host.create = async (definition, signal) => {
      const group = await create(definition, signal);
      if (lost++ > 0) return group;
      throw new ServiceFault("Azure", "ECONNRESET", "cut off", { kind: "silence", retryable: true, ambiguous: true });
    };
    await served(made);
    assert.deepEqual(kinds(made), ["claimed"]);
  });

  it("starts cold when the pool cannot be read, and says why", async () => {
    const made = scenario();
    made.s.world.standby = undefined;
    const step = await served(made);
    assert.deepEqual(kinds(made), ["cold"]);
    assert.match(step.task.warnings.join(), /EA230[\s\S]*standby pool .*agents.* was not found/);
  });

  for (const [what, profile, overrides, said] of [
    ["image", { image: "contoso.azurecr.io/agent:2" }, {}, /imageName is 'contoso.azurecr.io\/agent:1', in the pool/],
    ["size", { memoryInGB: 4 }, {}, /memory is '2', in the pool '4'/],
    ["subnet", { subnetId: "/another" }, {}, /the subnet is '.*', in the pool '\/another'/],
    ["key", { environment: {} }, {}, /has no variable EPHEMERAL_STANDBY_KEY/],
    ["variables", {}, { environment: { COLOR: "blue" } }, /environment variable 'COLOR' is not the same/],
    ["secret variables", {}, { secretEnvironment: { TOKEN: "hidden-value" } }, /secret variable 'TOKEN' is not in/],
    ["volumes", {}, { volumes: [{ kind: "emptyDir", mountPath: "/data" }] }, /volume '\/data' is not in the profile/],
  ] as const) {
    it(`claims nothing whose ${what} would not be what the step asks for`, async () => {
      const made = scenario({ profile });
      const container = {
        environment: {},
        secretEnvironment: {},
        identityIds: [],
        volumes: [],
        tags: {},
        ...overrides,
      };
      const step = await served(made, { container });
      assert.deepEqual(kinds(made), ["cold"]);
      assert.match(step.task.warnings.join(), said);
      assert.match(step.task.warnings.join(), /EA231/);
      assert.doesNotMatch(step.task.log + step.task.warnings.join(), /hidden-value/);
    });
  }

  it("claims one agent each for several, and starts those cold that the pool has none for", async () => {
    const made = scenario({ ready: 1 });
    const jobs = [1, 2].map(() => made.s.world.queue({ runId: "101" }));
    const step = made.s.step("run", { standbyPoolId, agentCount: 2 });
    assert.equal(codeOf(await made.s.finish(step)), "succeeded", step.task.log);
    assert.deepEqual(kinds(made).sort(), ["claimed", "claimed", "cold"]);
    assert.deepEqual(
      jobs.map((job) => job?.result),
      ["succeeded", "succeeded"],
    );
    assert.deepEqual(made.s.left, []);
  });

  it("hands over a claimed agent by create, for remove to take away", async () => {
    const made = scenario();
    const step = made.s.step("create", { standbyPoolId, demandable: false });
    assert.equal(codeOf(await made.s.finish(step)), "succeeded", step.task.log);
    const job = made.s.world.queue({ runId: "101", demands: ["EphemeralAgent.Run -equals 101"] });
    const removal = made.s.step("remove");
    assert.equal(codeOf(await made.s.finish(removal)), "succeeded", removal.task.log);
    assert.equal(job?.result, "succeeded");
    assert.deepEqual(made.s.left, []);
  });
});
