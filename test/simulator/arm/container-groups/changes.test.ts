import assert from "node:assert/strict";
import type { ContainerEngine } from "../../../../simulator/containers/container-engine.ts";
import { apiVersion, plainGroup, type Stand, startStand } from "../azure-fixture.ts";

interface View {
  readonly id: string;
  readonly properties: {
    readonly provisioningState: string;
    readonly instanceView: { readonly state: string };
    readonly containers: readonly {
      readonly properties: {
        readonly instanceView: {
          readonly currentState: Record<string, unknown>;
          readonly previousState?: Record<string, unknown>;
          readonly events?: readonly { readonly name: string; readonly count: number }[];
        };
      };
    }[];
  };
}

/** Lets no container start from now on. @returns lets them start again, also those that wait */
function holdStarts(engine: ContainerEngine): () => void {
  const start = engine.start.bind(engine);
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    goOn = resolve;
  });
  engine.start = async (container) => {
    await held;
    return start(container);
  };
  return () => {
    engine.start = start;
    goOn();
  };
}

describe("a container group that is changed", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  const running = (name: string) => stand.arm.containerGroup(name).when(({ state }) => state === "Running");
  const read = async (name: string) => (await stand.call(`${stand.groupsPath}/${name}?${apiVersion}`)).json() as View;
  const post = (name: string, verb: string) =>
    stand.call(`${stand.groupsPath}/${name}/${verb}?${apiVersion}`, { method: "POST" }, stand.administrator);
  const follow = async (address: unknown) => {
    const { pathname, search } = new URL(String(address));
    return (await stand.call(pathname + search)).json() as { id: string; status: string };
  };

  it("by the same PUT again is not: 200 and no operation; the container runs on", async () => {
    await stand.put("same", plainGroup(stand, {}, {}, { tags: { Team: "blue" } }));
    await running("same");
    const before = stand.arm.containerGroup("same").deployment;
    const again = await stand.put("same", plainGroup(stand, {}, {}, { tags: { Team: "blue" } }));
    assert.deepEqual([again.status, again.headers["azure-asyncoperation"]], [200, undefined]);
    assert.equal(stand.arm.containerGroup("same").deployment, before);
  });

  it("by a PUT with something else is deployed anew: 201 and an operation that carries the group's id", async () => {
    await stand.put("other", plainGroup(stand));
    await running("other");
    const changed = await stand.put("other", plainGroup(stand, {}, { command: ["/bin/sleep", "2000"] }));
    assert.equal(changed.status, 201);
    const operation = await follow(changed.headers["azure-asyncoperation"]);
    assert.equal(operation.id, (await read("other")).id);
    await running("other");
  });

  it("by a restart is Updating until its new container runs, shows the old one meanwhile, and names an operation", async () => {
    await stand.put("again", plainGroup(stand));
    await running("again");
    const { deployment } = stand.arm.containerGroup("again");
    const old = (await read("again")).properties.containers[0]?.properties.instanceView.currentState;
    const goOn = holdStarts(stand.engine);
    const { status, headers } = await post("again", "restart");
    assert.equal(status, 204);
    const { properties } = await read("again");
    assert.deepEqual([properties.provisioningState, properties.instanceView.state], ["Updating", "Running"]);
    assert.deepEqual(properties.containers[0]?.properties.instanceView.currentState, old);
    goOn();
    await stand.arm.containerGroup("again").when((group) => group.deployment.provisioningState === "Succeeded");
    assert.notEqual(stand.arm.containerGroup("again").deployment, deployment);
    const operation = await follow(headers["azure-asyncoperation"]);
    assert.deepEqual([operation.status, operation.id], ["Succeeded", (await read("again")).id]);
  });

  it("by a stop keeps what its container was, and ends it without an exit code; a start adds to its events", async () => {
    await stand.put("halted", plainGroup(stand));
    await running("halted");
    assert.equal((await post("halted", "stop")).status, 204);
    const { properties } = await read("halted");
    assert.deepEqual([properties.provisioningState, properties.instanceView.state], ["Succeeded", "Stopped"]);
    const view = properties.containers[0]?.properties.instanceView;
    assert.deepEqual(Object.keys(view?.currentState ?? {}).sort(), ["detailStatus", "finishTime", "state"]);
    assert.equal(view?.currentState.state, "Terminated");
    assert.equal(view?.previousState?.state, "Running");
    assert.equal((await post("halted", "start")).status, 204);
    await running("halted");
    const events = (await read("halted")).properties.containers[0]?.properties.instanceView.events ?? [];
    assert.equal(events.find(({ name }) => name === "Started")?.count, 2);
  });

  it("by the platform may end without an exit code", async () => {
    await stand.put("codeless", plainGroup(stand));
    await running("codeless");
    await stand.arm.containerGroup("codeless").deployment.endWithoutExitCode();
    await stand.arm
      .containerGroup("codeless")
      .when(({ deployment }) => deployment.view?.currentState.state === "Terminated");
    const ended = (await read("codeless")).properties.containers[0]?.properties.instanceView.currentState;
    assert.deepEqual([ended?.detailStatus, ended?.exitCode], ["Error", undefined]);
  });

  it("by the loss of its machine is Repairing and Unknown, its container over by an infrastructure error", async () => {
    await stand.put("lost", plainGroup(stand));
    await running("lost");
    await stand.arm.containerGroup("lost").deployment.loseMachine();
    await stand.arm.containerGroup("lost").when(({ state }) => state === "Unknown");
    const { properties } = await read("lost");
    assert.equal(properties.provisioningState, "Repairing");
    const { currentState } = properties.containers[0]?.properties.instanceView ?? {};
    assert.deepEqual(Object.keys(currentState ?? {}), ["state", "startTime", "detailStatus"]);
    assert.equal(currentState?.detailStatus, "Infrastructure Error");
    assert.equal((await post("lost", "restart")).status, 204);
    await running("lost");
  });

  it("by its deletion is denied by the provider at first, and then by ARM", async () => {
    await stand.put("deleted", plainGroup(stand));
    const path = `${stand.groupsPath}/deleted?${apiVersion}`;
    await stand.call(path, { method: "DELETE" });
    const codes = [];
    for (let look = 0; look < 2; look += 1) codes.push(JSON.parse((await stand.call(path)).text).error.code);
    assert.deepEqual(codes, ["ContainerGroupNotFound", "ResourceNotFound"]);
  });
});

describe("a container that runs", () => {
  it("is noticed by its group some time later, and an end that comes sooner does not keep it from succeeding", async () => {
    const stand = await startStand({ timings: { settleMs: 60_000 } });
    await stand.put("slow", plainGroup(stand));
    const group = stand.arm.containerGroup("slow");
    while (group.deployment.running === undefined) await new Promise(setImmediate);
    assert.deepEqual([group.deployment.provisioningState, group.state], ["Creating", "Pending"]);
    await stand.stop();

    const quick = await startStand({ restartNonZeroExit: false, timings: { settleMs: 200 } });
    await quick.put("brief", plainGroup(quick, {}, { command: ["/bin/bash", "-c", "exit 3"] }));
    await quick.arm.containerGroup("brief").when(({ state }) => state === "Failed");
    assert.equal(quick.arm.containerGroup("brief").deployment.provisioningState, "Succeeded");
    await quick.stop();
  });
});
