import assert from "node:assert/strict";
import { needsOfStandby } from "../../EphemeralAgentTask/src/checks/azure/standby-pool.ts";
import { fault, placement, Setup, shipped } from "./healthy-setup.ts";

const standbyPoolId =
  "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/rg-agents/providers/Microsoft.StandbyPool/standbyContainerGroupPools/agents";

function setup(): Setup {
  const made = new Setup();
  made.inputs = { standbyPoolId, placements: [{ ...placement, location: "westeurope" }] };
  made.roles["/rg-agents"] = [shipped("container-groups"), shipped("standby-pool")];
  return made;
}

describe("A check of a standby pool", () => {
  it("looks for the actions of the shipped role, no more and no fewer", () => {
    const actions = needsOfStandby.map(({ action }) => action);
    assert.deepEqual(actions.toSorted(), shipped("standby-pool").actions.toSorted());
  });

  it("finds nothing wrong with one that has agents to give", async () => {
    const report = await setup().check();
    assert.deepEqual(report.flaws, [], report.text);
    assert.match(report.text, /ok +standby pool agents +1 of 1 agents wait/);
  });

  it("does not take the resource group's region for the subnet's", async () => {
    const made = setup();
    made.inputs = { standbyPoolId, placements: [placement] };
    made.azure.resourceGroup = async () => "northeurope";
    const report = await made.check();
    assert.deepEqual(report.flaws, [], report.text);
  });

  it("reads none where none is named", async () => {
    const made = setup();
    made.inputs = {};
    made.azure.standbyPool = () => assert.fail("it was read");
    assert.deepEqual((await made.check()).flaws, []);
  });

  const subject = "standby pool agents";
  const broken: readonly (readonly [what: string, change: (made: Setup) => void, flaw: string, said: RegExp])[] = [
    [
      "cannot be read",
      (made) => {
        made.azure.standbyPool = () => Promise.reject(fault(500, "InternalServerError", "It stumbled."));
      },
      `warning ${subject}`,
      /InternalServerError: It stumbled\./,
    ],
    [
      "is not there",
      (made) => {
        made.azure.standbyPool = () => Promise.reject(fault(404, "ResourceNotFound", "The pool was not found."));
      },
      `warning ${subject}`,
      /does not exist[\s\S]*The pool was not found\.[\s\S]*samples\/setup\/standby-pool\.sh/,
    ],
    [
      "keeps none ready",
      (made) => {
        made.standby = { ...made.standby, ready: 0, running: 0 };
      },
      `warning ${subject}`,
      /keeps no agent ready[\s\S]*STANDBY_READY=1/,
    ],
    [
      "is degraded, as its provider has no role",
      (made) => {
        made.standby = { ...made.standby, running: 0, health: "HealthState/degraded" };
        made.azure.someoneHas = async () => false;
      },
      `warning ${subject}`,
      /0 of 1 agents wait, 0 are being made \(HealthState\/degraded\)[\s\S]*Nobody has the role 'Ephemeral Agents Standby Provider'/,
    ],
    [
      "is degraded for another reason",
      (made) => {
        made.standby = { ...made.standby, running: 0, creating: 1, health: "HealthState/degraded" };
      },
      `warning ${subject}`,
      /do not come up, or a claim has just taken one[\s\S]*Look again in two minutes/,
    ],
    [
      "is of another image",
      (made) => {
        made.standby = { ...made.standby, pool: { image: "contoso.azurecr.io/agent:0" } };
      },
      `warning ${subject}: profile`,
      /not what the inputs ask for[\s\S]*imageName is/,
    ],
    [
      "has a profile without a key",
      (made) => {
        made.standby = { ...made.standby, pool: { environment: {} } };
      },
      `warning ${subject}: profile`,
      /has no variable EPHEMERAL_STANDBY_KEY/,
    ],
    [
      "uses an earlier revision of its profile",
      (made) => {
        made.standby = { ...made.standby, latestRevision: 3 };
      },
      `warning ${subject}: revision`,
      /uses revision 1 of its profile, the latest is 3/,
    ],
    [
      "may not be read",
      (made) => {
        made.roles["/rg-agents"] = [shipped("container-groups")];
      },
      "warning role actions on rg-agents",
      /missing: Microsoft\.StandbyPool\/standbyContainerGroupPools\/read,[\s\S]*--role "Ephemeral Agents Standby Pool" --scope \S+\/rg-agents/,
    ],
    [
      "is of a provider that is not registered",
      (made) => {
        made.azure.providerState = async (name) => (name === "Microsoft.StandbyPool" ? "NotRegistered" : "Registered");
      },
      "warning provider Microsoft.StandbyPool",
      /az provider register --namespace Microsoft\.StandbyPool/,
    ],
  ];
  for (const [what, change, flaw, said] of broken) {
    it(`warns of one that ${what}, for a run works without it`, async () => {
      const made = setup();
      change(made);
      const report = await made.check();
      assert.deepEqual(report.flaws, [flaw], report.text);
      assert.match(report.text, said);
      assert.equal(report.code, "EA111");
    });
  }

  it("says what it could not look at", async () => {
    const made = setup();
    made.azure.someoneHas = () => Promise.reject(fault(403, "AuthorizationFailed"));
    const report = await made.check();
    assert.deepEqual(report.flaws, [], report.text);
    assert.match(report.text, /not checked +standby pool agents: roles of its provider/);
  });
});
