import { type ExpressionFunction, functions } from "./functions.ts";
import { type Expression, ExpressionError, parseExpression } from "./parse.ts";
import { lookUp, toBoolean, toText, type Value } from "./values.ts";

/** What an expression can see: named values such as `variables`, and status functions such as `succeeded`. */
export interface Scope {
  readonly values: Readonly<Record<string, Value>>;
  readonly functions: Readonly<Record<string, ExpressionFunction>>;
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
    case "index":
      return lookUp(evaluate(expression.of, scope), evaluate(expression.key, scope));
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
