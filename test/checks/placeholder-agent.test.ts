import assert from "node:assert/strict";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { Setup } from "./healthy-setup.ts";

/** A set-up whose pool is as given, and whose check may add to it. */
function adding(records: Readonly<Record<string, Record<string, string>>>): Setup {
  const setup = new Setup();
  setup.world.records.clear();
  for (const [name, capabilities] of Object.entries(records)) setup.world.addRecord(name, capabilities);
  setup.inputs = { besideRun: true, addPlaceholder: true };
  return setup;
}

const records = ({ world }: Setup) => [...world.records.values()];

describe("A check that may add a placeholder", () => {
  it("adds one where there is none, with the mark that jobs demand and the step's own capabilities", async () => {
    const setup = adding({});
    setup.inputs = { ...setup.inputs, capabilities: { network: "vnet-shop" } };
    const report = await setup.check();
    assert.equal(report.code, "succeeded", report.text);
    assert.match(report.text, /ok +placeholder +agent eph-placeholder was added/);
    const [record, another] = records(setup);
    assert.equal(another, undefined);
    assert.equal(record?.name, "eph-placeholder");
    assert.deepEqual(record?.capabilities, { EphemeralAgent: "true", network: "vnet-shop" });
    assert.equal(record?.systemCapabilities["Agent.Version"], "4.0.0", "jobs demand a version");
  });

  it("adds a second one to a pool whose placeholder is of another kind", async () => {
    const setup = adding({ "eph-placeholder": { EphemeralAgent: "true" } });
    setup.inputs = { ...setup.inputs, capabilities: { network: "vnet-shop" } };
    assert.equal((await setup.check()).code, "succeeded");
    assert.deepEqual(
      records(setup).map(({ name }) => name),
      ["eph-placeholder", "eph-placeholder-2"],
    );
  });

  it("adds none without the right to, and tells that alone", async () => {
    const setup = adding({});
    setup.devops.mayManage = async () => false;
    const report = await setup.check();
    assert.deepEqual(report.flaws, ["wrong rights in pool agents", "wrong placeholder"]);
    assert.deepEqual(records(setup), []);
  });

  it("asks for it once only: a second record would come of a lost answer", async () => {
    const setup = adding({});
    let asked = 0;
    setup.world.pool.register = async () => {
      asked++;
      throw new ServiceFault("Azure DevOps", "network", "no answer", { retryable: true, ambiguous: true });
    };
    const report = await setup.check();
    assert.equal(asked, 1);
    assert.deepEqual(report.flaws, ["wrong placeholder"]);
  });

  it("tells when the pool did not keep the capabilities", async () => {
    const setup = adding({});
    setup.world.pool.setCapabilities = async () => undefined;
    const report = await setup.check();
    assert.deepEqual(report.flaws, ["wrong placeholder"]);
    assert.match(report.flaw("placeholder"), /> eph-placeholder > Capabilities: add EphemeralAgent\./);
  });

  it("takes any lasting agent with the capabilities for one, whatever their case", async () => {
    const setup = adding({ builder: { ephemeralagent: "yes" } });
    assert.equal((await setup.check()).code, "succeeded");
    assert.deepEqual(
      records(setup).map(({ name }) => name),
      ["builder"],
    );
  });
});
