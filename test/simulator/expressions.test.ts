import assert from "node:assert/strict";
import { evaluate, holds, type Scope } from "../../simulator/expressions/evaluate.ts";
import { ExpressionError, parseExpression } from "../../simulator/expressions/parse.ts";

const scope: Scope = {
  values: {
    variables: { "Build.Reason": "Manual", count: "3", empty: "" },
    dependencies: { A: { result: "Succeeded", outputs: { "create.agentName": "eph-1" } } },
  },
  functions: { always: () => true, succeeded: (...jobs) => jobs.length === 0 || jobs[0] === "A" },
};

describe("The expression language", () => {
  for (const [text, expected] of [
    ["eq(variables['build.reason'], 'manual')", true],
    ["and(always(), not(eq(variables.count, 4)))", true],
    ["or(false, 0, '', null)", false],
    ["ne(variables['missing'], '')", false],
    ["in(dependencies.A.result, 'Succeeded', 'SucceededWithIssues', 'Skipped')", true],
    ["notIn('a', 'b', 'c')", true],
    ["contains('it''s here', 'IT''S')", true],
    ["startsWith(dependencies.A.outputs['create.agentName'], 'eph')", true],
    ["endsWith('abc', 'bc')", true],
    ["eq(1, '1.0')", true],
    ["eq(true, 'anything')", true],
    ["gt(variables['count'], 10)", true],
    ["gt(3, variables['count'])", false],
    ["xor(true, false)", true],
    ["eq(coalesce(variables.empty, 'other'), 'OTHER')", true],
    ["eq(format('{0}-{1}', 'a', 'b'), 'a-b')", true],
    ["succeeded('A')", true],
    ["succeeded('B')", false],
  ] as const)
    it(`finds ${text} ${expected}`, () => assert.equal(holds(text, scope), expected));

  it("gives the value of an output, and null for what is not there", () => {
    assert.equal(evaluate(parseExpression("dependencies.A.outputs['create.agentName']"), scope), "eph-1");
    assert.equal(evaluate(parseExpression("dependencies.B.outputs['create.agentName']"), scope), null);
  });

  for (const [text, message] of [
    ["eq(1", /Expected ','/],
    ["eq(1, 2) and true", /Unexpected 'and'/],
    ["a b", /Unexpected 'b'/],
    ["'open", /Unexpected symbol/],
    ["frobnicate()", /Unrecognized function: 'frobnicate'/],
    ["eq(nothing.here, 1)", /Unrecognized value: 'nothing'/],
  ] as const)
    it(`refuses ${text}`, () => {
      assert.throws(
        () => evaluate(parseExpression(text), scope),
        (error) => error instanceof ExpressionError && message.test(error.message),
      );
    });
});
