// `${{ }}` in a text: where the expressions are, and what they stand for.
import { evaluate } from "../../expressions/evaluate.ts";
import { type Expression, ExpressionError, parseExpression } from "../../expressions/parse.ts";
import { type Dictionary, lookUp, toText, type Value } from "../../expressions/values.ts";

/** What a template expression can see. Expansion comes before the run, so nothing of the run is there. */
export interface Scope {
  readonly parameters: Dictionary;
  readonly variables: Dictionary;
  /** Names of the `each` loops around. */
  readonly locals: Dictionary;
}

/** Parts of a text: literal text, or the inside of a `${{ }}`. */
type Part = { readonly text: string } | { readonly expression: string };

/**
 * Takes a text apart. A `}}` inside quotes does not end an expression ("Template expressions", escape a value).
 * @throws ExpressionError when an expression has no end
 */
function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (;;) {
    const start = text.indexOf("${{", at);
    if (start < 0) break;
    if (start > at) parts.push({ text: text.slice(at, start) });
    let quoted = false;
    let end = start + 3;
    for (; end < text.length; end += 1) {
      if (text[end] === "'") quoted = !quoted;
      if (!quoted && text.startsWith("}}", end)) break;
    }
    if (end >= text.length) throw new ExpressionError(`The expression is not closed: '${text.slice(start)}'`);
    parts.push({ expression: text.slice(start + 3, end).trim() });
    at = end + 2;
  }
  if (at < text.length || parts.length === 0) parts.push({ text: text.slice(at) });
  return parts;
}

/** The inside of a text that is one expression and nothing else. */
export function soleExpression(text: string): string | undefined {
  const parts = partsOf(text.trim());
  const [first] = parts;
  return parts.length === 1 && first !== undefined && "expression" in first ? first.expression : undefined;
}

/** Parameters that an expression names but nobody declared: the service refuses those, where an unknown variable is empty. */
function unknownParameters(expression: Expression, parameters: Dictionary): string[] {
  switch (expression.kind) {
    case "call":
      return expression.args.flatMap((one) => unknownParameters(one, parameters));
    case "index": {
      const { of, key } = expression;
      const isParameter = of.kind === "name" && of.name.toLowerCase() === "parameters";
      if (isParameter && key.kind === "literal" && typeof key.value === "string") {
        const wanted = key.value.toLowerCase();
        return Object.keys(parameters).some((name) => name.toLowerCase() === wanted) ? [] : [key.value];
      }
      return [...unknownParameters(of, parameters), ...unknownParameters(key, parameters)];
    }
    case "filter":
      return unknownParameters(expression.of, parameters);
    default:
      return [];
  }
}

/**
 * The value of an expression.
 * @throws ExpressionError when it is none, or names what is not there
 */
export function evaluateTemplate(text: string, { parameters, variables, locals }: Scope): Value {
  const expression = parseExpression(text);
  const [unknown] = unknownParameters(expression, parameters);
  if (unknown !== undefined) throw new ExpressionError(`Key not found '${unknown}'`);
  return evaluate(expression, { values: { ...locals, parameters, variables }, functions: {} });
}

/**
 * A text with its expressions filled in.
 * @throws ExpressionError also when one of them stands for a list or a mapping
 */
export function fillIn(text: string, scope: Scope): string {
  return partsOf(text)
    .map((part) => {
      if ("text" in part) return part.text;
      const value = evaluateTemplate(part.expression, scope);
      if (value !== null && typeof value === "object")
        throw new ExpressionError(`Unable to convert from ${Array.isArray(value) ? "Array" : "Object"} to String`);
      return toText(value);
    })
    .join("");
}

/** A key that decides what becomes of its value. */
export type Directive =
  | { readonly kind: "if" | "elseif"; readonly condition: string }
  | { readonly kind: "else" | "insert" }
  | { readonly kind: "each"; readonly name: string; readonly of: string };

/** The directive that a key is; undefined for an ordinary one. @throws ExpressionError for one that is not complete */
export function directiveOf(key: string): Directive | undefined {
  const inside = key.includes("${{") ? soleExpression(key) : undefined;
  if (inside === undefined) return undefined;
  const [, word = "", rest = ""] = /^(if|elseif|else|insert|each)\b(.*)$/is.exec(inside) ?? [];
  switch (word.toLowerCase()) {
    case "if":
    case "elseif":
      if (rest.trim() === "") throw new ExpressionError(`'${word}' needs a condition`);
      return { kind: word.toLowerCase() as "if" | "elseif", condition: rest.trim() };
    case "else":
    case "insert":
      if (rest.trim() !== "") throw new ExpressionError(`'${word}' stands alone, not with '${rest.trim()}'`);
      return { kind: word.toLowerCase() as "else" | "insert" };
    case "each": {
      const [, name, of] = /^\s+([A-Za-z_][\w-]*)\s+in\s+(.+)$/is.exec(rest) ?? [];
      if (name === undefined || of === undefined)
        throw new ExpressionError(`'each' is written 'each NAME in COLLECTION', not '${inside}'`);
      return { kind: "each", name, of };
    }
    default:
      return undefined;
  }
}

/** What a loop goes over: the items of a list, or `{key, value}` of a mapping. */
export function itemsOf(value: Value): Value[] {
  if (Array.isArray(value)) return [...(value as readonly Value[])];
  if (value === null || value === "") return [];
  if (typeof value !== "object") throw new ExpressionError("'each' goes over a list or a mapping only");
  return Object.keys(value).map((key) => ({ key, value: lookUp(value, key) }));
}
