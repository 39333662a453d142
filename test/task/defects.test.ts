// The eleven defects of azure-pipelines-ephemeral-agents (facts predecessor-and-users §2), one by one: what it did, and
// that ours does not. What others tell at length is shown here once, shortly.
import assert from "node:assert/strict";
import { planAgent } from "../../EphemeralAgentTask/src/plan/agent-and-container-group.ts";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { parse } from "../../EphemeralAgentTask/src/settings/parse-settings.ts";
import { codeOf, Scenario } from "../actions/in-memory-step.ts";
import { rawTask } from "../in-memory/raw-inputs.ts";
import { settings } from "../in-memory/valid-settings.ts";
import { taskManifest } from "../package/manifests.ts";
import { made } from "../settings/inputs/rows.ts";
import { jobSeesNoSecret, startsNoProcess, updatedAgentServesOneJob } from "./defects/built.ts";
import { cloudOf, deploying, slipsIn, stumbling, told } from "./defects/in-memory.ts";
import { type Scene, scenario } from "./scenario/scenario.ts";

interface Defect {
  readonly number: number;
  /** What the predecessor did. */
  readonly was: string;
  /** What ours does instead, each with what shows it. */
  readonly ours: Readonly<Record<string, () => Promise<void> | void>>;
  /** The same, by the built task in the simulator. */
  readonly built?: Readonly<Record<string, (scene: Scene) => Promise<void>>>;
}

const defects: readonly Defect[] = [
  {
    number: 1,
    was: "forgot to run once after an update of the agent",
    ours: {},
    built: { "starts the updated agent for one job again, and gives it no second one": updatedAgentServesOneJob },
  },
  {
    number: 2,
    was: "ended its clean-up at the first failure, before the container",
    ours: {
      "tries again until the record is gone, and deletes the container group": async () => {
        const s = deploying();
        const { tries } = stumbling(s.world.pool, 2);
        assert.equal(codeOf(await s.finish(s.step("run"))), "succeeded");
        assert.equal(tries(), 3);
        assert.deepEqual(s.left, []);
      },
      "says what stays when the record cannot be removed, and the next clean-up removes both": async () => {
        const s = deploying();
        const { remove } = s.world.pool;
        stumbling(s.world.pool, Number.POSITIVE_INFINITY);
        const step = s.step("run");
        await s.finish(step);
        const name = step.task.outputs.agentName ?? "";
        assert.match(step.task.errors.join("\n"), new RegExp(`${name}.*The service is busy`, "s"));
        assert.deepEqual(step.task.open, [name], "the post-job step knows");
        Object.assign(s.world.pool, { remove });
        await s.finish(s.step("remove"));
        assert.deepEqual(s.left, []);
      },
    },
  },
  {
    number: 3,
    was: "deleted the container at once when it was to wait for 0 seconds",
    ours: {
      "goes on without waiting, and deletes nothing": async () => {
        const s = new Scenario();
        const step = s.step("create", { onlineMs: 0, demandable: false });
        assert.equal(codeOf(await s.finish(step)), "succeeded");
        const name = step.task.outputs.agentName ?? "";
        assert.deepEqual(s.left, [name, name]);
        assert.equal(s.world.recordNamed(name)?.online, false, "it did not wait for the agent");
      },
    },
  },
  {
    number: 4,
    was: "made names of the time, so that two could be the same, and replaced an agent of that name",
    ours: {
      "gives each of a thousand agents of one instant a name of its own, which every service takes": async () => {
        const s = new Scenario();
        const letters = () => s.clock.random().toString(36).slice(2, 8).padEnd(6, "0");
        const names = Array.from({ length: 1000 }, () => planAgent(settings(), letters(), s.clock.date()).name);
        assert.equal(new Set(names).size, 1000);
        for (const name of names) assert.match(name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
        for (const name of names) assert.ok(name.length <= 63);
        const step = s.step("create", { agentCount: 50, onlineMs: 0 });
        await s.finish(step);
        assert.equal(new Set(step.task.outputs.agentName?.split(",")).size, 50);
      },
      "never makes itself out to be an agent of the same name": async () => {
        const s = new Scenario();
        Object.assign(s.clock, { random: () => 0 });
        const theirs = s.world.addRecord("eph-101-aaaaaa", { owner: "somebody" });
        s.world.pool.registerAgain = () => assert.fail("it replaces the agent");
        assert.equal(codeOf(await s.finish(s.step("create"))), "EA503");
        assert.deepEqual(theirs.capabilities, { owner: "somebody" });
      },
    },
  },
  {
    number: 5,
    was: "cleaned nothing up when the creation failed or the step was cancelled",
    ours: {
      "leaves nothing when the container group cannot be placed": async () => {
        const s = deploying();
        s.world.behaviour.fate = "cannot be placed";
        assert.match(await told(s), /^EA203 /);
        assert.deepEqual(s.left, []);
      },
      "leaves nothing when the creation is refused": async () => {
        const s = deploying();
        s.world.host.create = async () => {
          throw new ServiceFault("Azure", "InaccessibleImage", "The image is not accessible.", { status: 400 });
        };
        assert.match(await told(s), /^EA40[16] /);
        assert.deepEqual(s.left, []);
      },
      "leaves nothing when it is cancelled while it waits": async () => {
        const s = deploying();
        s.world.behaviour.fate = "never comes online";
        const step = s.step("run");
        s.clock.after(60_000, () => step.task.controller.abort());
        await s.finish(step);
        await s.clock.pass(60_000);
        assert.deepEqual(s.left, []);
      },
    },
  },
  {
    number: 6,
    was: "gave the job the service principal's key and the token that registers agents",
    ours: {},
    built: { "shows a job neither of them, nor any other secret, even when it is asked to": jobSeesNoSecret },
  },
  {
    number: 7,
    was: "misspelt the cloud that an image deletes itself in, and left Windows containers for ever",
    ours: {
      "names the clouds as the Azure CLI does": () => {
        for (const cloud of ["AzureCloud", "AzureChinaCloud", "AzureUSGovernment"]) assert.equal(cloudOf(cloud), cloud);
        assert.equal(cloudOf(""), "AzureCloud");
      },
      "deletes a Windows container as any other": async () => {
        const s = new Scenario();
        const container = settings().container;
        const windows = {
          osType: "Windows" as const,
          registration: "container" as const,
          container,
          onlineMs: 600_000,
        };
        const create = s.world.host.create;
        s.world.host.create = async (definition) => {
          // The image registers its agent when it starts.
          s.clock.after(10_000, () => void s.world.addRecord(definition.name, {}));
          return create(definition);
        };
        const created = s.step("create", windows);
        assert.equal(codeOf(await s.finish(created)), "succeeded", created.task.log);
        assert.equal([...s.world.groups.values()][0]?.definition.osType, "Windows");
        s.timeline({ deploy: "skipped" });
        await s.finish(s.step("remove"));
        assert.deepEqual(s.left, []);
      },
    },
  },
  {
    number: 8,
    was: "looked at the pool alone, so that a crash cost all the time there was",
    ours: Object.fromEntries(
      (
        [
          ["crashes", "EA601"],
          ["image cannot be pulled", "EA401"],
        ] as const
      ).map(([fate, code]) => [
        `ends within fifteen seconds of a container that ${fate}`,
        async () => {
          const s = deploying();
          s.world.behaviour.fate = fate;
          const began = s.clock.now();
          assert.match(await told(s, { onlineMs: 3_600_000 }), new RegExp(`^${code} `));
          assert.ok(s.clock.now() - began < s.world.behaviour.bootMs + 15_000);
        },
      ]),
    ),
  },
  {
    number: 9,
    was: "passed the key and the registry's password on a command line",
    ours: {},
    built: { "starts no program": startsNoProcess },
  },
  {
    number: 10,
    was: "refused its own sample's prefix and default memory, and named a resource group that there was not",
    ours: {
      "takes the sample's prefix and the default memory": () => {
        const parsed = parse(rawTask({ inputs: { agentPrefix: "sample-", memory: "1.0" } }));
        assert.ok("settings" in parsed);
        const { agentPrefix, placements } = made(parsed.settings);
        assert.deepEqual([agentPrefix, placements[0].memoryInGB], ["sample", 1]);
      },
      "takes every default that it declares itself": () => {
        const defaults = taskManifest.inputs.flatMap(({ name, defaultValue }) =>
          defaultValue === undefined ? [] : [[name, String(defaultValue)]],
        );
        assert.ok(defaults.length > 10);
        assert.ok("settings" in parse(rawTask({ inputs: Object.fromEntries(defaults) })));
      },
      "has samples that use only variables that there are": () => {
        for (const sample of ["parallel", "sequential", "watched", "sweep"]) assert.deepEqual(slipsIn(sample), []);
      },
    },
  },
  {
    number: 11,
    was: "ran on Node 6, which agents fetch anew for each job",
    ours: {
      "runs on what agents bring, in every stage": () => {
        for (const stage of [taskManifest.execution, taskManifest.postjobexecution])
          assert.deepEqual(Object.keys(stage).toSorted(), ["Node20_1", "Node24"]);
      },
    },
  },
];

describe("The predecessor's defects", () => {
  it("are eleven, each with something that shows its absence", () => {
    assert.deepEqual(
      defects.map(({ number }) => number),
      Array.from({ length: 11 }, (_, index) => index + 1),
    );
    for (const { ours, built = {} } of defects) assert.ok(Object.keys({ ...ours, ...built }).length > 0);
  });

  for (const { number, was, ours, built = {} } of defects) {
    describe(`${number}: the predecessor ${was}. Ours`, () => {
      for (const [does, show] of Object.entries(ours)) it(does, show);
      for (const [does, show] of Object.entries(built)) scenario(does, show);
    });
  }
});
