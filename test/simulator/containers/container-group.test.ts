import assert from "node:assert/strict";
import { ContainerGroup } from "../../../simulator/containers/container-group.ts";
import { defaultGroupTimings, type Fate, type GroupTimings } from "../../../simulator/containers/deployment-outcome.ts";
import type { DeploymentPlan } from "../../../simulator/containers/deployment-plan.ts";
import { FakeEngine } from "./fake-engine.ts";

const soon = { pendingMs: 1, pullMs: 1, startMs: 1, settleMs: 1, restartMs: 1, pullRetryMs: 1, deleteMs: 1 };
const plan = (policy: "Always" | "OnFailure" | "Never", nonZeroExitUnderNever = true): DeploymentPlan => ({
  container: {
    id: "group-1",
    image: { reference: "r/agent:1", pullable: "anonymous", agentBaked: false, environment: {} },
    command: undefined,
    environment: {},
    volumes: [],
    subnetId: undefined,
  },
  location: "westeurope",
  cpu: 1,
  memoryInGB: 2,
  restart: { policy, nonZeroExitUnderNever },
});

describe("the life of a container group", () => {
  let engine: FakeEngine;
  let group: ContainerGroup;
  beforeEach(() => {
    engine = new FakeEngine();
  });
  afterEach(() => group.delete());

  function deploy(of: DeploymentPlan, fate: Fate = { kind: "healthy" }, timings: Partial<GroupTimings> = {}) {
    const all = { ...defaultGroupTimings, ...soon, ...timings };
    group = new ContainerGroup(of, fate, { engine, timings: () => all, events: () => "late" });
    return group;
  }
  /** Waits until the container has been started so many times, and ends its latest run. */
  async function exit(starts: number, code: number): Promise<void> {
    await group.when(({ deployment }) => engine.containers.length === starts && deployment.running !== undefined);
    engine.containers[starts - 1]?.exit(code);
  }
  const restarts = () => group.deployment.view?.restartCount;

  it("under Never ends with an exit of 0, for good", async () => {
    deploy(plan("Never"));
    await exit(1, 0);
    await group.when(({ state }) => state === "Succeeded");
    assert.equal(engine.containers.length, 1);
  });

  it("under Never restarts an exit other than 0 once, as the documentation warns", async () => {
    deploy(plan("Never"));
    await exit(1, 3);
    await exit(2, 3);
    await group.when(({ state }) => state === "Failed");
    const view = group.deployment.view;
    assert.deepEqual([restarts(), view?.previousState?.exitCode, view?.currentState.exitCode], [1, 3, 3]);
    assert.ok(view?.events.list().some(({ name }) => name === "BackOff"));
  });

  it("under Never restarts nothing when that is switched off", async () => {
    deploy(plan("Never", false));
    await exit(1, 3);
    await group.when(({ state }) => state === "Failed");
    assert.equal(restarts(), 0);
  });

  it("under OnFailure restarts until an exit of 0", async () => {
    deploy(plan("OnFailure"));
    await exit(1, 1);
    await exit(2, 1);
    await exit(3, 0);
    await group.when(({ state }) => state === "Succeeded");
    assert.equal(restarts(), 2);
  });

  it("under Always restarts whatever the exit", async () => {
    deploy(plan("Always"));
    await exit(1, 0);
    await exit(2, 0);
    await group.when(({ state, deployment }) => state === "Running" && deployment.view?.restartCount === 2);
  });

  it("keeps the container's state over a restart by the platform, and its log only of the new run", async () => {
    deploy(plan("Never"));
    await group.when(({ state }) => state === "Running");
    engine.containers[0]?.start.onOutput("first run\n");
    await group.deployment.restartByPlatform();
    await group.when(({ deployment }) => engine.containers.length === 2 && deployment.view?.restartCount === 1);
    engine.containers[1]?.start.onOutput("second run\n");
    assert.equal(group.deployment.log.read(), "second run\n");
    assert.deepEqual(engine.forgotten, []);
  });

  it("takes a crash for an exit other than 0", async () => {
    deploy(plan("Never", false));
    await group.when(({ state }) => state === "Running");
    await group.deployment.crash();
    await group.when(({ state }) => state === "Failed");
    assert.equal(group.deployment.view?.currentState.exitCode, 137);
  });

  it("fails with an event when the container cannot be started", async () => {
    engine.failure = new Error("no such executable");
    deploy(plan("Never"));
    await group.when(({ deployment }) => deployment.provisioningState === "Failed");
    assert.match(group.deployment.events.at(0)?.message ?? "", /no such executable/);
  });

  it("ends at once when it is deleted, at whatever stage, and starts nothing afterwards", async () => {
    for (const state of ["Pending", "Creating"]) {
      deploy(plan("Always"), { kind: "never-starts" }, state === "Pending" ? { pendingMs: 60_000 } : {});
      await group.when(({ deployment }) => deployment.provisioningState === state);
      await group.delete();
      assert.equal(engine.containers.length, 0);
    }
    deploy(plan("Always"));
    await group.when((each) => each.state === "Running");
    await group.delete();
    assert.deepEqual([engine.containers.length, engine.containers[0]?.killed], [1, true]);
    assert.ok(engine.forgotten.length > 0);
  });

  it("gives its machine and what the container kept back when it is stopped", async () => {
    deploy(plan("Always"));
    await group.when(({ state }) => state === "Running");
    await group.stop();
    assert.deepEqual([group.state, engine.containers[0]?.killed, engine.forgotten], ["Stopped", true, ["group-1"]]);
    await group.redeploy({ kind: "healthy" });
    await group.when(({ state }) => state === "Running");
    assert.equal(restarts(), 0);
  });

  it("is not changed by a stop once its container has ended", async () => {
    deploy(plan("Never"));
    await exit(1, 0);
    await group.when(({ state }) => state === "Succeeded");
    await group.stop();
    assert.equal(group.state, "Succeeded");
  });
});
