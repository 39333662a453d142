// Expands `${{ }}`, `if`, `each`, `insert` and `template:` until nothing but a plain pipeline is left (Azure Pipelines
// documentation, "Template expressions" and "Templates").
import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from "yaml";
import { ExpressionError } from "../../expressions/parse.ts";
import { type Dictionary, toBoolean, type Value } from "../../expressions/values.ts";
import { originOf } from "../yaml/source-origins.ts";
import {
  type Directive,
  directiveOf,
  evaluateTemplate,
  fillIn,
  itemsOf,
  type Scope,
  soleExpression,
} from "./template-expressions.ts";
import { listNode, mapNode, nodeFrom, scalarText, textNode, valueFrom } from "./template-values.ts";

/** Lists whose items may be templates. */
export const templateLists = ["stages", "jobs", "steps", "variables"] as const;
export type TemplateList = (typeof templateLists)[number];

/** A scope in a file: a template's path is relative to the file that names it. */
export interface FileScope extends Scope {
  /** Handed through to whoever includes. */
  readonly file: unknown;
}

interface Includer {
  refuse(node: Node, message: string): void;
  /** The expanded items of a template. @param item the expanded `template:` item */
  include(item: YAMLMap<Scalar, Node | null>, list: TemplateList, scope: FileScope): Node[];
}

interface Entry {
  readonly key: Scalar;
  readonly value: Node;
  /** Where the value is still to be expanded; it is expanded already without. */
  readonly scope?: FileScope;
}

/** Remembers within a list or mapping whether an `else` may still follow, and whether it would count. */
class Chain {
  #state: "none" | "open" | "taken" = "none";

  /** @returns whether the branch is taken. @throws ExpressionError for a branch without an `if` before it */
  takes(directive: Directive, scope: Scope): boolean {
    if (directive.kind === "if") {
      const taken = toBoolean(evaluateTemplate(directive.condition, scope));
      this.#state = taken ? "taken" : "open";
      return taken;
    }
    if (this.#state === "none") throw new ExpressionError(`'${directive.kind}' has no 'if' before it`);
    if (directive.kind === "elseif") {
      const taken = this.#state === "open" && toBoolean(evaluateTemplate(directive.condition, scope));
      if (taken) this.#state = "taken";
      return taken;
    }
    const taken = this.#state === "open";
    this.#state = "none";
    return taken;
  }

  end(): void {
    this.#state = "none";
  }
}

const isBranch = ({ kind }: Directive) => kind === "if" || kind === "elseif" || kind === "else";

export class Expander {
  readonly #includer: Includer;

  constructor(includer: Includer) {
    this.#includer = includer;
  }

  /** A node without expressions. @param list when its items may be templates */
  node(node: Node, scope: FileScope, list?: TemplateList): Node {
    if (isSeq(node)) return this.#list(node.items as Node[], scope, originOf(node), list);
    if (isMap(node)) return this.#mapping(node as YAMLMap<Scalar, Node | null>, scope);
    return this.#guard(node, () => this.#scalar(node, scope)) ?? textNode("", originOf(node));
  }

  /** What an expression that cannot be read leaves out; it has been told. */
  #guard<Result>(node: Node, work: () => Result): Result | undefined {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.#includer.refuse(node, error.message);
      return undefined;
    }
  }

  #scalar(node: Node, scope: Scope): Node {
    const text = scalarText(node);
    if (text === undefined || !text.includes("${{")) return node;
    const sole = soleExpression(text);
    const origin = originOf(node);
    return sole === undefined ? textNode(fillIn(text, scope), origin) : nodeFrom(evaluateTemplate(sole, scope), origin);
  }

  #directive(key: Node): Directive | undefined {
    const text = scalarText(key);
    return text === undefined ? undefined : directiveOf(text);
  }

  #loop(directive: Directive & { kind: "each" }, scope: FileScope): FileScope[] {
    const value = evaluateTemplate(directive.of, scope);
    return itemsOf(value).map((item) => ({ ...scope, locals: { ...scope.locals, [directive.name]: item } }));
  }

  /** The scopes in which a directive's body counts: none, one, or one an item. */
  #scopesOf(directive: Directive, chain: Chain, scope: FileScope): FileScope[] {
    if (isBranch(directive)) return chain.takes(directive, scope) ? [scope] : [];
    chain.end();
    return directive.kind === "each" ? this.#loop(directive, scope) : [scope];
  }

  #list(items: readonly Node[], outer: FileScope, origin: ReturnType<typeof originOf>, list?: TemplateList): Node {
    const chain = new Chain();
    const expanded: Node[] = [];
    // Variables of one list see those above them.
    let scope = outer;
    for (const item of items) {
      const made = this.#guard(item, () => this.#item(item, chain, scope, list)) ?? [];
      const whole = list === undefined ? made : made.flatMap((one) => this.#included(one, list, scope));
      expanded.push(...whole);
      if (list === "variables") scope = { ...scope, variables: { ...scope.variables, ...declaredBy(whole) } };
    }
    return listNode(expanded, origin);
  }

  #included(item: Node, list: TemplateList, scope: FileScope): Node[] {
    if (!isMap(item) || !(item as YAMLMap).has("template")) return [item];
    return this.#includer.include(item as YAMLMap<Scalar, Node | null>, list, scope);
  }

  /** What an item of a list stands for. A list in its place is flattened. */
  #item(item: Node, chain: Chain, scope: FileScope, list?: TemplateList): Node[] {
    const [only, ...others] = isMap(item) ? (item as YAMLMap<Scalar, Node | null>).items : [];
    const directive = only && others.length === 0 ? this.#directive(only.key) : undefined;
    if (only?.value && directive && directive.kind !== "insert" && !isMap(only.value)) {
      const body = only.value;
      return this.#scopesOf(directive, chain, scope).flatMap((one) => flattened(this.node(body, one, list)));
    }
    if (!directive || !isBranch(directive)) chain.end();
    if (isScalar(item)) return flattened(this.node(item, scope));
    // A branch that is not taken leaves an empty mapping, which is no item.
    const node =
      directive && isMap(item)
        ? this.#mapping(item as YAMLMap<Scalar, Node | null>, scope, chain)
        : this.node(item, scope);
    return directive && isMap(node) && node.items.length === 0 ? [] : [node];
  }

  #mapping(map: YAMLMap<Scalar, Node | null>, scope: FileScope, chain = new Chain()): Node {
    const entries = this.#entries(map, scope, chain);
    // Variables of a stage or job are seen by everything else of it.
    const own = entries.find(({ key }) => scalarText(key) === "variables");
    const variables = own?.scope ? this.node(own.value, own.scope, "variables") : own?.value;
    const declared = variables ? declaredBy(variables) : {};
    const seen = new Set<string>();
    const expanded = entries.flatMap(({ key, value, scope: within }) => {
      const name = scalarText(key) ?? "";
      if (seen.has(name)) {
        this.#includer.refuse(key, `'${name}' is already defined`);
        return [];
      }
      seen.add(name);
      if (name === "variables" && variables) return [[key, variables] as const];
      if (within === undefined) return [[key, value] as const];
      const inner = own ? { ...within, variables: { ...within.variables, ...declared } } : within;
      return [[key, this.node(value, inner, listNamed(name))] as const];
    });
    return mapNode(expanded, originOf(map));
  }

  /** The keys of a mapping, with what its directives bring in; values are left to be expanded. */
  #entries(map: YAMLMap<Scalar, Node | null>, scope: FileScope, chain: Chain): Entry[] {
    return map.items.flatMap(({ key, value }): Entry[] => {
      const body = value ?? textNode("", originOf(key));
      return (
        this.#guard(key, () => {
          const directive = this.#directive(key);
          if (directive === undefined) {
            chain.end();
            const name = scalarText(key) ?? "";
            return [{ key: textNode(fillIn(name, scope), originOf(key)), value: body, scope }];
          }
          return this.#scopesOf(directive, chain, scope).flatMap((one) => this.#merged(body, one));
        }) ?? []
      );
    });
  }

  /** What a directive in a mapping brings in. */
  #merged(body: Node, scope: FileScope): Entry[] {
    if (isMap(body)) return this.#entries(body as YAMLMap<Scalar, Node | null>, scope, new Chain());
    const node = this.node(body, scope);
    if (isMap(node)) {
      return (node as YAMLMap<Scalar, Node | null>).items.map(({ key, value }) => ({
        key,
        value: value ?? textNode("", originOf(key)),
      }));
    }
    if (scalarText(node) !== "") this.#includer.refuse(body, "only a mapping can be inserted into a mapping");
    return [];
  }
}

const listNamed = (name: string): TemplateList | undefined => templateLists.find((one) => one === name);

const flattened = (node: Node): Node[] => (isSeq(node) ? (node.items as Node[]) : [node]);

/** Values of expanded `variables:`, as a mapping or as a list of names and values. */
function declaredBy(variables: Node | readonly Node[]): Dictionary {
  if (isMap(variables)) return valueFrom(variables) as Dictionary;
  const items = Array.isArray(variables)
    ? (variables as readonly Node[])
    : isSeq(variables)
      ? (variables.items as Node[])
      : [];
  const declared: Record<string, Value> = {};
  for (const item of items) {
    if (!isMap(item)) continue;
    const { name, value } = valueFrom(item) as Dictionary;
    if (typeof name === "string") declared[name] = value ?? "";
  }
  return declared;
}
