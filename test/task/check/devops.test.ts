import assert from "node:assert/strict";
import { type Broken, namesEach } from "./broken.ts";
import { lookAt } from "./look.ts";
import { changes, inPerfect } from "./set-up.ts";

const pool = "ephemeral-agents";

const broken: readonly Broken[] = [
  [
    "a token that was revoked",
    ({ organization }) => {
      const { token, revoke } = organization.issuePersonalAccessToken("Administrator");
      revoke();
      return { inputs: { azureDevOpsToken: token } };
    },
    "wrong Azure DevOps identity",
    /did not accept the token/,
  ],
  [
    "a token that is answered with a sign-in page",
    ({ organization }) => {
      const { token, revoke } = organization.issuePersonalAccessToken("Administrator");
      revoke();
      return { inputs: { azureDevOpsToken: token } };
    },
    "wrong Azure DevOps identity",
    /sign-in page/,
    { organization: { unauthenticated: "203" } },
  ],
  ["a pool that is not there", () => ({ inputs: { agentPool: "mistyped" } }), "wrong pool mistyped", /Add pool/],
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
    ({ organization }) => ({ inputs: { azureDevOpsToken: organization.issuePersonalAccessToken("Reader").token } }),
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
    "maintenance that is on",
    ({ organization, ready }) =>
      void organization.setMaintenance(ready.pool, { days: "monday, sunday", startHours: 3 }),
    `warning maintenance of pool ${pool}`,
    /on Monday, Sunday at 03:00 \(UTC\), on 25 % of the agents at a time, for up to 60 min each/,
  ],
  [
    "no placeholder with the step's capabilities",
    () => ({ inputs: { shape: "run", capabilities: "network=vnet-shop" } }),
    "wrong placeholder",
    /network=vnet-shop/,
  ],
];

namesEach("an organization", broken);

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
