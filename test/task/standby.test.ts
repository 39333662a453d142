// The built task with a standby pool, on the wire: what it asks for, what it hands over, and what it leaves.
import assert from "node:assert/strict";
import { type Simulator, startSimulator } from "../../simulator/start-simulator.ts";
import { type SimulatedStep, stepIn } from "./harness/in-simulator.ts";
import { type FinishedTask, runPostJob, runTask } from "./harness/run-task.ts";

const puts = ({ requests }: Simulator) =>
  requests.entries.filter(({ method, url }) => method === "PUT" && /\/containerGroups\//.test(url));

describe("A step with a standby pool, on the wire", () => {
  let simulator: Simulator;
  beforeEach(async () => {
    simulator = await startSimulator({ engine: "process" });
  });
  afterEach(() => simulator?.stop());

  const step = (inputs: Readonly<Record<string, string>>, run?: SimulatedStep["run"]) =>
    stepIn(simulator, { standbyPool: "agents", ...inputs }, run ? { run } : {});
  const ofRun = ({ run }: SimulatedStep) => [`EphemeralAgent.Run -equals ${run.id}`];

  async function nothingLeft(main: FinishedTask): Promise<void> {
    assert.equal(main.result, "succeeded", main.log);
    await runPostJob(main);
    assert.deepEqual(simulator.leftBehind(), { agents: [], containerGroups: [] });
  }

  it("creates an agent that is there at once, whose job runs, and that remove takes away", async () => {
    const pool = simulator.standbyPool();
    await pool.ready(1);
    const [waiting] = simulator.arm.containerGroups();
    const creation = step({ action: "create" });
    const created = await runTask(creation.start);
    assert.equal(created.result, "succeeded", created.log);
    assert.match(created.log, /claimed from standby pool 'agents'/);
    creation.jobEnded("succeeded");
    const job = creation.queueJob("echo deployed", ofRun(creation));
    assert.equal((await job.outcome).result, "succeeded");
    await nothingLeft(await runTask(step({ action: "remove" }, creation.run).start));
    assert.equal(puts(simulator).length, 1);
    assert.notEqual(waiting, undefined);
    await pool.ready(1);
  });

  it("starts cold when the pool is empty, as a warning", async () => {
    const pool = simulator.standbyPool();
    await pool.ready(1);
    pool.change({ ...pool.content, maxReadyCapacity: 0 });
    const creation = step({ action: "create" });
    const created = await runTask(creation.start);
    assert.equal(created.result, "succeeded", created.log);
    assert.match(created.log, /EA230[\s\S]*StandbyPoolReuseFailed|EA230[\s\S]*could be reused/);
    assert.match(created.log, /container group requested/);
    creation.jobEnded("succeeded");
    const job = creation.queueJob("echo deployed", ofRun(creation));
    assert.equal((await job.outcome).result, "succeeded");
    await nothingLeft(await runTask(step({ action: "remove" }, creation.run).start));
  });

  it("tells by check how many agents wait, and in what they are not what the inputs ask for", async () => {
    await simulator.standbyPool().ready(1);
    const { log } = await runTask(step({ action: "check" }).start);
    assert.match(log, /ok +standby pool agents +1 of 1 agents wait/);
    assert.match(log, /ok +standby pool agents: profile +revision 1 is what the inputs ask for/);
    const other = await runTask(step({ action: "check", memory: "4" }).start);
    assert.match(other.log, /warning +standby pool agents: profile[\s\S]*memory is '4', in the pool '2'/);
  });

  it("leaves waiting container groups to their pool when it sweeps", async () => {
    const pool = simulator.standbyPool();
    await pool.ready(1);
    const [waiting] = simulator.arm.containerGroups();
    const swept = await runTask(step({ action: "sweep" }).start);
    assert.equal(swept.result, "succeeded", swept.log);
    assert.deepEqual(simulator.arm.containerGroups(), [waiting]);
    assert.equal(pool.count("Running"), 1);
  });
});
