import assert from "node:assert/strict";
import type { Simulator } from "../../../simulator/simulator.ts";
import { type Inputs, lookAt } from "./look.ts";
import { assertUntouched, changes, inPerfect } from "./set-up.ts";

type Broken = readonly [
  what: string,
  breakIt: (simulator: Simulator) => Inputs | undefined,
  flaw: string,
  words: RegExp,
];

const pool = "ephemeral-agents";

const broken: readonly Broken[] = [
  [
    "a token that was revoked",
    ({ organization }) => {
      const { token, revoke } = organization.issuePersonalAccessToken("Administrator");
      revoke();
      return { azureDevOpsToken: token };
    },
    "wrong Azure DevOps identity",
    /did not accept the token/,
  ],
  ["a pool that is not there", () => ({ agentPool: "mistyped" }), "wrong pool mistyped", /Add pool/],
  [
    "a pool that the token may not see",
    ({ organization, ready }) => void organization.setBuildServiceRole(ready.pool, ready.project, null),
    `wrong pool ${pool}`,
    /who may also lack the right to see it/,
  ],
  ...(["User", "Reader"] as const).map(
    (role): Broken => [
      `a role that is ${role} only`,
      ({ organization, ready }) => void organization.setBuildServiceRole(ready.pool, ready.project, role),
      `wrong rights in pool ${pool}`,
      /Shop Build Service \(contoso\) may not add and remove agents.*\n.*\n.*Security: make Shop Build Service \(contoso\) Administrator/,
    ],
  ),
  [
    "a personal access token that may only read",
    ({ organization }) => ({ azureDevOpsToken: organization.issuePersonalAccessToken("Reader").token }),
    `wrong rights in pool ${pool}`,
    /make Pool Owner Administrator/,
  ],
  [
    "automatic updates",
    ({ organization, ready }) => void organization.setAutoUpdate(ready.pool, true),
    `warning automatic update in pool ${pool}`,
    /switch off/,
  ],
  [
    "no placeholder with the step's capabilities",
    () => ({ capabilities: "network=vnet-shop" }),
    "warning placeholder",
    /network=vnet-shop/,
  ],
];

describe("A check of a simulated organization names one broken thing and nothing else:", () => {
  for (const [what, breakIt, flaw, words] of broken) {
    it(what, () =>
      inPerfect(async (simulator) => {
        const report = await lookAt(simulator, breakIt(simulator));
        assert.deepEqual(report.flaws, [flaw], report.text);
        assert.match(report.flaw(flaw.replace(/^\w+ /, "")), words);
        assertUntouched(simulator);
      }),
    );
  }

  it("a sign-in page instead of data", () =>
    inPerfect(
      async (simulator) => {
        const { token, revoke } = simulator.organization.issuePersonalAccessToken("Administrator");
        revoke();
        const report = await lookAt(simulator, { azureDevOpsToken: token });
        assert.deepEqual(report.flaws, ["wrong Azure DevOps identity"], report.text);
      },
      { organization: { unauthenticated: "203" } },
    ));
});

describe("A check of a simulated organization", () => {
  for (const [scope, name] of [
    ["project", "Shop Build Service (contoso): job authorization scope is the project"],
    ["collection", "Project Collection Build Service (contoso): job authorization scope is the whole collection"],
  ] as const) {
    it(`tells who a job's token is when its scope is the ${scope}`, () =>
      inPerfect(async (simulator) => {
        simulator.organization.setJobAuthorizationScope(scope);
        const report = await lookAt(simulator);
        assert.deepEqual(report.flaws, [], report.text);
        assert.ok(report.text.includes(name), report.text);
      }));
  }

  it("adds a placeholder with two requests when it is asked to, and finds it the next time", () =>
    inPerfect(async (simulator) => {
      const { organization } = simulator;
      const inputs = { capabilities: "network=vnet-shop", addPlaceholder: "true" };
      const report = await lookAt(simulator, inputs);
      assert.deepEqual(report.flaws, [], report.text);
      const added = organization.agents().find(({ seeded }) => !seeded) ?? assert.fail("no record was added");
      assert.deepEqual(added.userCapabilities, { EphemeralAgent: "true", network: "vnet-shop" });
      const agents = "/contoso/_apis/distributedtask/pools/1/agents";
      const expected = [`devops POST ${agents}`, `devops PUT ${agents}/${added.id}/usercapabilities`];
      assert.deepEqual(
        changes(simulator).map((one) => one.toLowerCase()),
        expected.map((one) => one.toLowerCase()),
      );
      assert.deepEqual((await lookAt(simulator, inputs)).flaws, []);
      assert.equal(changes(simulator).length, 2, "the second check changes nothing");
    }));
});
