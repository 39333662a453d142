import assert from "node:assert/strict";
import { problemText } from "../../../EphemeralAgentTask/src/settings/input-problems.ts";
import { written } from "../../../EphemeralAgentTask/src/settings/input-reader.ts";
import { parse } from "../../../EphemeralAgentTask/src/settings/parse-settings.ts";
import type { Settings } from "../../../EphemeralAgentTask/src/settings/settings.ts";
import { rawTask } from "../../in-memory/raw-inputs.ts";
import { taskManifest } from "../../package/manifests.ts";
import { agent } from "./agent.ts";
import { always, predecessor } from "./always.ts";
import { azureDevOps } from "./azure-devops.ts";
import { container } from "./container.ts";
import { image } from "./image.ts";
import { limits } from "./limits.ts";
import { network } from "./network.ts";
import { proxy } from "./proxy.ts";
import { hidden, type Rows } from "./rows.ts";

const tables: Readonly<Record<string, Rows>> = {
  ...always,
  ...azureDevOps,
  ...agent,
  ...image,
  ...network,
  ...container,
  ...proxy,
  ...limits,
  ...predecessor,
};

function given(input: string, value: string | undefined, { beside = {} }: Rows) {
  return parse(rawTask({ ...beside, inputs: { ...beside.inputs, [input]: value } }));
}

function taken(input: string, value: string | undefined, rows: Rows): Settings {
  const parsed = given(input, value, rows);
  assert.ok("settings" in parsed, "problems" in parsed ? parsed.problems.map(problemText).join("\n") : "");
  return parsed.settings;
}

/** What is said of a value: of this input first, and whether of others too does not matter. */
function refused(input: string, value: string | undefined, rows: Rows): string[] {
  const parsed = given(input, value, rows);
  assert.ok("problems" in parsed, `'${value}' must be refused`);
  return parsed.problems.map(problemText);
}

function assertSaid(problems: readonly string[], said: RegExp): void {
  assert.ok(
    problems.some((problem) => said.test(problem)),
    `${said} is not in:\n${problems.join("\n")}`,
  );
}

/** In a title, on one line. */
const title = (value: string) => JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);

describe("Every input that task.json declares", () => {
  it("has rows for values that are good, bad and absent, and no rows are left over", () => {
    const declared = taskManifest.inputs.map(({ name }) => name);
    assert.deepEqual(Object.keys(tables).toSorted(), declared.toSorted());
    for (const [input, { good, bad, absent }] of Object.entries(tables)) {
      assert.ok(Object.keys(good).length > 0, `${input} has no good value`);
      assert.ok(Object.keys(bad).length > 0, `${input} has no bad value`);
      assert.ok("is" in absent || "needed" in absent, `${input} says nothing of its absence`);
    }
  });

  it("that may be seen by nobody is marked so, and refused with a secret in it", () => {
    const secret = Object.entries(tables).filter(([, rows]) => rows.secret);
    for (const [input, { bad }] of secret)
      assert.ok(
        Object.keys(bad).some((value) => value.includes(hidden)),
        input,
      );
    assert.deepEqual(secret.map(([input]) => input).toSorted(), [
      "agentCaBundle",
      "agentProxyPassword",
      "agentProxyUrl",
      "azureDevOpsToken",
      "azureDevOpsUrl",
      "environmentVariables",
      "logAnalyticsWorkspaceKey",
      "secretEnvironmentVariables",
      "volumes",
    ]);
  });

  for (const { name: input, defaultValue } of taskManifest.inputs) {
    const rows = tables[input];
    if (rows === undefined || defaultValue === undefined) continue;
    it(`says the default that holds: ${input}`, () => {
      const asDeclared = rows.of(taken(input, String(defaultValue), rows));
      assert.deepEqual(rows.of(taken(input, undefined, rows)), asDeclared);
    });
  }
});

for (const [input, rows] of Object.entries(tables)) {
  describe(`The input ${input}`, () => {
    for (const [value, becomes] of Object.entries(rows.good)) {
      it(`takes ${title(value)}`, () => {
        assert.deepEqual(rows.of(taken(input, value, rows)), becomes);
      });
    }

    for (const [value, said] of Object.entries(rows.bad)) {
      it(`refuses ${title(value)}`, () => {
        const problems = refused(input, value, rows);
        assertSaid(problems, said);
        if (rows.secret) for (const problem of problems) assert.ok(!problem.includes(hidden), problem);
      });
    }

    for (const [what, value] of Object.entries({ "is absent": undefined, "is empty": "", "is blank": "  " })) {
      it(`knows what holds when it ${what}`, () => {
        if ("needed" in rows.absent) assertSaid(refused(input, value, rows), rows.absent.needed);
        else assert.deepEqual(rows.of(taken(input, value, rows)), rows.absent.is);
      });
    }

    it("refuses a variable that nothing replaced, and names it", () => {
      const problems = refused(input, "$(nowhere)", rows);
      assert.deepEqual(
        problems.filter((problem) => problem.startsWith(`${written(input)}: `)),
        [
          `${written(input)}: found '$(nowhere)'; the variable 'nowhere' is not defined in this job; define it or correct its name`,
        ],
      );
    });

    it("refuses an expression, which is worked out in variables only", () => {
      assertSaid(refused(input, "$[ variables.x ]", rows), /expressions are not worked out in inputs/);
    });
  });
}
