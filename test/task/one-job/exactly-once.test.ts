// One agent, one job: never a second one on it, and never none, whatever the agent, the service and the platform do.
import assert from "node:assert/strict";
import type { ContainerGroup } from "../../../simulator/containers/container-group.ts";
import { defaultOptions } from "../../../simulator/devops/organization-options.ts";
import { buildAgentPackage } from "../../../simulator/stand-in-agent/build-package.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { assertFailure } from "../scenario/expected-messages.ts";
import { type Scene, story } from "../scenario/scenario.ts";
import type { Step } from "../scenario/step.ts";
import { line } from "../scenario/wait-for-lines.ts";
import { counted } from "./job-counter.ts";

const demand = ({ run }: Step) => [`EphemeralAgent.Run -equals ${run.id}`];

/** An image whose agent has this behavior. */
function imageThat({ registry }: Simulator, behaviour: string): string {
  const reference = `${registry.server}/azure-pipelines-agent:${behaviour}`;
  const own = { EPHEMERAL_AGENT_ROOT: "/azp", EPHEMERAL_STATE: "/mnt/ephemeral-state" };
  const environment = { ...own, SIM_AGENT_BEHAVIOUR: behaviour };
  registry.add({ reference, pullable: "anonymous", agentBaked: false, environment });
  return reference;
}

const theAgent = ({ organization }: Simulator) => {
  const [agent] = organization.agents().filter(({ seeded }) => !seeded);
  assert.ok(agent, "there is no agent");
  return agent;
};

/** The one group there is; what it logs can be read even when it is gone. */
const theGroup = ({ arm }: Simulator): ContainerGroup => {
  const [only] = arm.containerGroups();
  assert.ok(only, "there is no container group");
  return only.group;
};

const log = ({ deployment }: ContainerGroup): string => deployment.log.read();
const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

/** A `create` that has ended: its agent is online. */
async function created(scene: Scene, inputs: Readonly<Record<string, string>> = {}): Promise<Step> {
  const step = scene.step({ action: "create", ...inputs });
  const { result, log: said } = await step.execute();
  assert.equal(result, "succeeded", said);
  return step;
}

const remove = (scene: Scene, { run }: Step) => scene.step({ action: "remove" }, { run }).execute();

const polling = ({ requests }: Simulator, from: number) =>
  requests.seen(({ method, url }) => method === "GET" && url.includes("lastMessageId"), from);

describe("An agent that updates itself", () => {
  for (const action of ["run", "create"]) {
    story(`before its job serves it once (${action})`, async (scene) => {
      const step = scene.step({ action, imageName: imageThat(scene.simulator, "update-first") });
      const job = counted();
      const main = step.execute();
      await line(step.lines, /container group requested/);
      const { outcome } = step.queueJob(job.script, demand(step));
      const group = theGroup(scene.simulator);
      assert.equal((await outcome).result, "succeeded");
      assert.deepEqual(job.begun(), [theNameOf(await main)]);
      assert.deepEqual(job.ended(), job.begun());
      assert.match(log(group), /^The listener ended with exit code 4\.\nThe agent is updating itself\.$/m);
      assert.equal(count(log(group), /^Starting the listener for one job\.$/gm), 2);
      if (action === "create") await remove(scene, step);
    });
  }

  story("because the service tells it to, when its job is given to it already, serves it once", async (scene) => {
    const { simulator } = scene;
    await offerOlderAgent(simulator);
    const step = await created(scene);
    const { id, systemCapabilities } = theAgent(simulator);
    assert.equal(systemCapabilities["Agent.Version"], olderVersion);
    simulator.organization.levers.sendAgentRefresh(id);
    const job = counted();
    const { outcome } = step.queueJob(job.script, demand(step));
    const group = theGroup(simulator);
    assert.equal((await outcome).result, "succeeded");
    assert.deepEqual(job.begun(), [theAgent(simulator).name]);
    assert.deepEqual(job.ended(), job.begun());
    assert.equal(theAgent(simulator).systemCapabilities["Agent.Version"], defaultOptions.agentVersion);
    assert.match(log(group), /^The agent is updating itself\.$/m);
    await remove(scene, step);
  });
});

const theNameOf = ({ outputs }: Awaited<ReturnType<Step["execute"]>>): string => outputs.agentName?.value ?? "";

const olderVersion = "5.277.0";

/** Offers an older package to whoever does not ask for a version, so that its agents can be told to update themselves. */
async function offerOlderAgent({ faults, registry }: Simulator): Promise<void> {
  const { agentTimeScale: timeScale } = defaultOptions;
  const { content, hashValue } = await buildAgentPackage({ version: olderVersion, timeScale });
  const [major, minor, patch] = olderVersion.split(".").map(Number);
  const file = { filename: "older.tar.gz", downloadUrl: `https://${registry.server}/older.tar.gz`, hashValue };
  const older = { type: "agent", platform: "linux-x64", version: { major, minor, patch }, ...file };
  const listed = { status: 200, body: { count: 1, value: [older] } };
  faults.add({ site: "devops", path: /\/packages\/agent(\/[^/?]+)?(\?|$)/, effect: listed });
  faults.add({ site: "registry", path: "older.tar.gz", effect: { status: 200, body: content } });
}

describe("A second job for one agent", () => {
  for (const behaviour of ["", "never-exit"]) {
    const agent = behaviour === "" ? "an agent" : "an agent that ends its job and not itself";
    const image = ({ simulator }: Scene) => (behaviour === "" ? {} : { imageName: imageThat(simulator, behaviour) });

    story(`is never given to ${agent} of a \`run\`, which has one already`, async (scene) => {
      const { simulator } = scene;
      // Even if the service offered it one that it has no time for any more.
      simulator.organization.levers.ignoreAgentShuttingDown();
      const step = scene.step({ action: "run", ...image(scene) });
      const main = step.execute();
      await line(step.lines, /container group requested/);
      const [first, second] = [counted({ waits: true }), counted()];
      const jobs = [first, second].map(({ script }) => step.queueJob(script, demand(step)));
      await line(step.lines, /running job 'deploy' of /);
      await simulator.requests.answered(({ method, url }) => method === "PATCH" && /\/agents\/\d+/.test(url));
      first.open();
      const [served, refused] = await Promise.all(jobs.map(({ outcome }) => outcome));
      assert.equal(served?.result, "succeeded");
      assert.equal(refused?.result, "failed");
      assert.match(refused?.message ?? "", /^No agent found in pool /, "it is told, not forgotten");
      assert.deepEqual([first.ended().length, second.begun()], [1, []]);
      assert.equal((await main).result, "succeeded", (await main).log);
    });

    story(
      `never begins on ${agent} that nobody has disabled`,
      async (scene) => {
        const { simulator } = scene;
        simulator.organization.levers.ignoreAgentShuttingDown();
        const step = await created(scene, image(scene));
        const [first, second] = [counted(), counted()];
        const jobs = [first, second].map(({ script }) => step.queueJob(script, demand(step)));
        assert.equal((await jobs[0]?.outcome)?.result, "succeeded");
        assert.equal(theAgent(simulator).assignedRequestId, jobs[1]?.requestId);
        jobs[1]?.unheard();
        const removed = await remove(scene, step);
        assert.equal(removed.result, "succeeded", removed.log);
        assert.equal((await jobs[1]?.outcome)?.result, "failed");
        assert.deepEqual([first.ended().length, second.begun()], [1, []]);
      },
      { organization: { agentTimeScale: 0.02 } },
    );
  }
});

describe("A message that comes twice", () => {
  story(
    "begins its job once",
    async (scene) => {
      const { simulator } = scene;
      const { requests } = simulator;
      const step = await created(scene);
      const job = counted({ waits: true });
      const { outcome } = step.queueJob(job.script, demand(step));
      await line(step.jobLines, /^started$/);
      await requests.answered(({ method, url }) => method === "DELETE" && url.includes("/messages/"));
      const from = requests.entries.length;
      simulator.organization.levers.redeliver(theAgent(simulator).id);
      await requests.answered(({ url, status }) => url.includes("lastMessageId") && status === 200, from);
      await polling(simulator, requests.entries.length);
      job.open();
      assert.equal((await outcome).result, "succeeded");
      await remove(scene, step);
      assert.deepEqual([job.begun().length, job.ended().length], [1, 1]);
    },
    { organization: { longPollMs: 100 } },
  );
});

describe("A container that the platform starts again", () => {
  const quick = { organization: { offlineAfterMs: 1_500 } };

  for (const when of ["before", "after"] as const) {
    story(
      `serves its job once (restarted ${when} the job is queued)`,
      async (scene) => {
        const { simulator } = scene;
        scene.expectRefusal(/^409 devops POST .*\/sessions$/);
        const step = await created(scene);
        const group = theGroup(simulator);
        const job = counted();
        const restart = () => group.deployment.restartByPlatform();
        if (when === "before") await restart();
        const { outcome } = step.queueJob(job.script, demand(step));
        // It is the job of a listener that never hears of it.
        if (when === "after") await restart();
        assert.equal((await outcome).result, "succeeded", log(group));
        const removed = await remove(scene, step);
        assert.equal(removed.result, "succeeded", removed.log);
        assert.deepEqual([job.begun().length, job.ended().length], [1, 1]);
        assert.equal(group.deployment.view?.restartCount, 1);
      },
      quick,
    );
  }

  story(
    "in the middle of its job does not begin it again, and the step says so",
    async (scene) => {
      const { simulator } = scene;
      const step = scene.step({ action: "run" });
      const main = step.execute();
      await line(step.lines, /container group requested/);
      const job = counted({ waits: true });
      const { outcome, unheard } = step.queueJob(job.script, demand(step));
      const group = theGroup(simulator);
      await line(step.jobLines, /^started$/);
      await line(step.lines, /running job 'deploy' of /);
      await group.deployment.restartByPlatform();
      await line(step.lines, /EA606/);
      unheard();
      assertFailure(await main, "EA606", /^job 'deploy' of /);
      assert.equal((await outcome).result, "failed");
      assert.match(log(group), /^A job has already been given to this container\. No second one is taken\.$/m);
      assert.deepEqual([job.begun().length, job.ended()], [1, []]);
    },
    { organization: { agentTimeScale: 0.02 } },
  );
});
