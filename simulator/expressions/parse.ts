// The expression language of Azure Pipelines (step, job and stage conditions, `$[ ]` and `${{ }}`): one grammar for the
// worker and the pipeline runner, as the agent and the service share one.

export type Expression =
  | { readonly kind: "literal"; readonly value: string | number | boolean | null }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: "name"; readonly name: string }
  | { readonly kind: "index"; readonly of: Expression; readonly key: Expression }
  /** `list.*`: every item, whose properties are then those of all of them ("Expressions", filtered arrays). */
  | { readonly kind: "filter"; readonly of: Expression };

/** What a pipeline author wrote cannot be read as an expression; the message quotes it. */
export class ExpressionError extends Error {
  override readonly name = "ExpressionError";
}

interface Token {
  readonly kind: "string" | "number" | "word" | "punctuation" | "end";
  readonly text: string;
}

const TOKEN = /\s*(?:'((?:[^']|'')*)'|(-?\d+(?:\.\d+)*)|([A-Za-z_][\w-]*)|([()[\],.*]))/y;

function tokens(text: string): Token[] {
  const found: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new ExpressionError(`Unexpected symbol at '${text.slice(at).trim()}' in '${text}'`);
    if (match[1] !== undefined) found.push({ kind: "string", text: match[1].replaceAll("''", "'") });
    else if (match[2] !== undefined) found.push({ kind: "number", text: match[2] });
    else if (match[3] !== undefined) found.push({ kind: "word", text: match[3] });
    else found.push({ kind: "punctuation", text: match[4] ?? "" });
  }
  found.push({ kind: "end", text: "" });
  return found;
}

/**
 * Reads an expression.
 * @throws ExpressionError when it is not one.
 */
export function parseExpression(text: string): Expression {
  const all = tokens(text);
  let next = 0;

  const peek = (): Token => all[next] ?? { kind: "end", text: "" };
  const take = (): Token => {
    const token = peek();
    next += 1;
    return token;
  };
  const is = (symbol: string): boolean => peek().kind === "punctuation" && peek().text === symbol;
  const expect = (symbol: string): void => {
    const token = take();
    if (token.kind !== "punctuation" || token.text !== symbol)
      throw new ExpressionError(`Expected '${symbol}' before '${token.text || "the end"}' in '${text}'`);
  };

  const callArguments = (): Expression[] => {
    const args: Expression[] = [];
    while (!is(")")) {
      args.push(value());
      if (!is(")")) expect(",");
    }
    expect(")");
    return args;
  };

  const primary = (): Expression => {
    const token = take();
    if (token.kind === "string") return { kind: "literal", value: token.text };
    if (token.kind === "number") {
      // `1.2.3` is a version, which compares as text does here.
      const numeric = Number(token.text);
      return { kind: "literal", value: Number.isNaN(numeric) ? token.text : numeric };
    }
    if (token.kind === "word") {
      if (is("(")) {
        take();
        return { kind: "call", name: token.text, args: callArguments() };
      }
      const lower = token.text.toLowerCase();
      if (lower === "true" || lower === "false") return { kind: "literal", value: lower === "true" };
      if (lower === "null") return { kind: "literal", value: null };
      return { kind: "name", name: token.text };
    }
    throw new ExpressionError(`Unexpected '${token.text || "end"}' in '${text}'`);
  };

  function value(): Expression {
    let result = primary();
    while (is("[") || is(".")) {
      if (take().text === "[") {
        const key = value();
        expect("]");
        result = { kind: "index", of: result, key };
      } else {
        const property = take();
        if (property.text === "*" && property.kind === "punctuation") {
          result = { kind: "filter", of: result };
          continue;
        }
        if (property.kind !== "word") throw new ExpressionError(`Expected a property name after '.' in '${text}'`);
        result = { kind: "index", of: result, key: { kind: "literal", value: property.text } };
      }
    }
    return result;
  }

  const result = value();
  const rest = take();
  if (rest.kind !== "end") throw new ExpressionError(`Unexpected '${rest.text}' in '${text}'`);
  return result;
}

/** Every function and named value an expression mentions, so that unknown ones are refused before anything runs. */
export function mentioned(expression: Expression): { functions: string[]; names: string[] } {
  const functions: string[] = [];
  const names: string[] = [];
  const visit = (node: Expression): void => {
    if (node.kind === "call") {
      functions.push(node.name);
      node.args.forEach(visit);
    } else if (node.kind === "name") names.push(node.name);
    else if (node.kind === "index") {
      visit(node.of);
      visit(node.key);
    } else if (node.kind === "filter") visit(node.of);
  };
  visit(expression);
  return { functions, names };
}
