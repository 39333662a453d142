// Evaluates expressions of Azure Pipelines.
import { type ExpressionFunction, functions, items } from "./functions.ts";
import { type Expression, ExpressionError, parseExpression } from "./parse.ts";
import { lookUp, toBoolean, toText, type Value } from "./values.ts";

/** What an expression can see: named values such as `variables`, and status functions such as `succeeded`. */
export interface Scope {
  readonly values: Readonly<Record<string, Value>>;
  readonly functions: Readonly<Record<string, ExpressionFunction>>;
}

/** A property of a filtered list is that property of each of its items. */
function isFiltered(expression: Expression): boolean {
  return expression.kind === "filter" || (expression.kind === "index" && isFiltered(expression.of));
}

/**
 * The value of an expression in a scope.
 * @throws ExpressionError when it names a function or value that the scope does not have.
 */
export function evaluate(expression: Expression, scope: Scope): Value {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "name": {
      const value = Object.entries(scope.values).find(([name]) => name.toLowerCase() === expression.name.toLowerCase());
      if (value === undefined) throw new ExpressionError(`Unrecognized value: '${expression.name}'`);
      return value[1];
    }
    case "filter":
      return [...items(evaluate(expression.of, scope))];
    case "index": {
      const of = evaluate(expression.of, scope);
      const key = evaluate(expression.key, scope);
      if (!isFiltered(expression.of) || !Array.isArray(of)) return lookUp(of, key);
      return (of as readonly Value[]).map((one) => lookUp(one, key)).filter((one) => one !== null);
    }
    case "call": {
      const name = expression.name.toLowerCase();
      const known = Object.entries(scope.functions).find(([candidate]) => candidate.toLowerCase() === name)?.[1];
      const apply = known ?? functions[name];
      if (apply === undefined) throw new ExpressionError(`Unrecognized function: '${expression.name}'`);
      return apply(...expression.args.map((arg) => evaluate(arg, scope)));
    }
  }
}

/** Whether a condition holds. */
export function holds(condition: string, scope: Scope): boolean {
  return toBoolean(evaluate(parseExpression(condition), scope));
}

/** An expression's value as text, as `$[ ]` puts it into a variable. */
export function evaluateText(expression: string, scope: Scope): string {
  return toText(evaluate(parseExpression(expression), scope));
}
