import assert from "node:assert/strict";
import { patient } from "../../../EphemeralAgentTask/src/lifecycle/step/retry.ts";
import { retryingHost, retryingPool } from "../../../EphemeralAgentTask/src/lifecycle/step/retrying-ports.ts";
import {
  agentDefinition,
  containerGroup,
  planAgent,
} from "../../../EphemeralAgentTask/src/plan/agent-and-container-group.ts";
import { settings } from "../../in-memory/valid-settings.ts";
import { World } from "../../in-memory/world.ts";
import { busy, setUp } from "./busy-service.ts";

describe("A create whose answer was lost", () => {
  const agentPackage = { version: "4.0.0", url: "u", filename: "f", sha256: "s" };
  const plan = planAgent(settings(), "abc123", 0);
  const definition = containerGroup({
    settings: settings(),
    plan,
    agent: { id: 1, name: plan.name, files: { "agent.json": "", "credentials.json": "", "rsaparams.json": "" } },
    agentPackage,
    poolName: "agents",
    placement: { location: "x", cpu: 1, memoryInGB: 1, dnsServers: [] },
    registry: undefined,
    entrypoint: "",
  });

  it("of a record is recognised by its name and given a new key", async () => {
    const { clock, retrier } = setUp();
    const world = new World(clock);
    const register = world.pool.register;
    let again = 0;
    world.pool.register = async (definition) => {
      await register(definition);
      throw busy({ retryable: true, ambiguous: true });
    };
    const registerAgain = world.pool.registerAgain;
    world.pool.registerAgain = (id, definition) => {
      again++;
      return registerAgain(id, definition);
    };
    const agent = await clock.run(retryingPool(world.pool, retrier).register(agentDefinition(plan, agentPackage)));
    assert.equal(world.records.size, 1, "there must be one record");
    assert.equal(world.records.get(agent.id)?.name, plan.name);
    assert.equal(again, 1);
  });

  it("of a record that arrives late is recognised when its name is taken", async () => {
    const { clock, retrier } = setUp();
    const world = new World(clock);
    const register = world.pool.register;
    let calls = 0;
    world.pool.register = (definition) => {
      if (++calls > 1) return register(definition);
      clock.after(patient.attemptMs + 700, () => void register(definition));
      return new Promise(() => undefined);
    };
    const find = world.pool.find;
    let finds = 0;
    world.pool.find = async (name) => (++finds === 1 ? undefined : find(name));
    const agent = await clock.run(retryingPool(world.pool, retrier).register(agentDefinition(plan, agentPackage)));
    assert.equal(world.records.size, 1);
    assert.ok(world.records.has(agent.id));
  });

  it("of a container group is recognised by its name, not sent again: that would restart its container", async () => {
    const { clock, retrier } = setUp();
    const world = new World(clock);
    const create = world.host.create;
    let puts = 0;
    world.host.create = async (definition) => {
      puts++;
      await create(definition);
      throw busy({ retryable: true, ambiguous: true });
    };
    const group = await clock.run(retryingHost(world.host, retrier).create(definition));
    assert.equal(group.name, plan.name);
    assert.equal(puts, 1);
  });

  it("of a container group waits for a deletion of its name that has no answer yet: that would hit the new one", async () => {
    const { clock, retrier } = setUp();
    const world = new World(clock);
    const { remove } = world.host;
    let calls = 0;
    world.host.remove = async (name) => {
      if (++calls === 1) await clock.sleep(patient.attemptMs + 20_000);
      return remove(name);
    };
    const host = retryingHost(world.host, retrier);
    await clock.run(host.create(definition));
    await clock.run(host.remove(plan.name));
    assert.equal(calls, 2);
    await clock.run(host.create(definition));
    await clock.pass(600_000);
    assert.ok(world.groups.has(plan.name), "the first deletion must not hit the second group");
  });
});
