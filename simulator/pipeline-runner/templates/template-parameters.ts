// `parameters:` of a pipeline or a template: declared with a type, bound to what is passed or to a default
// (Azure Pipelines documentation, "Template parameters" and "Parameter data types").
import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap } from "yaml";
import { type Dictionary, equal, toText, type Value } from "../../expressions/values.ts";
import { scalarText, valueFrom } from "./template-values.ts";

type Refuse = (node: Node, message: string) => void;

interface Declaration {
  readonly node: Node;
  readonly name: string;
  readonly type: string;
  readonly default: Node | undefined;
  readonly values: Node | undefined;
}

/** Types of one part of a pipeline, with the keys by which such a part is known; with `List` behind it several of them. */
const parts: Readonly<Record<string, readonly string[]>> = {
  step: ["script", "bash", "pwsh", "powershell", "task", "checkout", "template", "download", "publish"],
  job: ["job", "template"],
  deployment: ["deployment", "template"],
  stage: ["stage", "template"],
};

const types = ["string", "number", "boolean", "object", ...Object.keys(parts).flatMap((one) => [one, `${one}List`])];

const pairsOf = (node: Node): [key: string, keyNode: Scalar, value: Node | null][] =>
  isMap(node)
    ? (node as YAMLMap<Scalar, Node | null>).items.map(({ key, value }) => [scalarText(key) ?? "", key, value])
    : [];

const known = ["name", "displayName", "type", "default", "values"];

function declaration(item: Node, refuse: Refuse): Declaration | undefined {
  const fields = new Map(pairsOf(item).map(([key, , value]) => [key, value ?? undefined]));
  for (const [key, node] of pairsOf(item))
    if (!known.includes(key)) refuse(node, `Unexpected value '${key}' of a parameter; there are: ${known.join(", ")}`);
  const name = scalarText(fields.get("name")) ?? "";
  if (name === "") {
    refuse(item, "a parameter needs a name");
    return undefined;
  }
  const typeNode = fields.get("type");
  const type = types.find((one) => one.toLowerCase() === (scalarText(typeNode) ?? "string").toLowerCase());
  // `stringList` belongs to the dialog that starts a run, not to templates.
  if (type === undefined)
    refuse(
      typeNode ?? item,
      `parameters of type '${scalarText(typeNode)}' are not supported here; there are: ${types.join(", ")}`,
    );
  return { node: item, name, type: type ?? "object", default: fields.get("default"), values: fields.get("values") };
}

/** Reads a declaration as a list, or in the older form of names and defaults, whose types are not checked. */
function declarations(node: Node | undefined, refuse: Refuse): Declaration[] {
  if (node === undefined) return [];
  if (isMap(node)) {
    return pairsOf(node).map(([name, key, value]) => {
      const type = value === null || isScalar(value) ? "string" : "object";
      return { node: key, name, type, default: value ?? key, values: undefined };
    });
  }
  if (!isSeq(node)) {
    refuse(node, "parameters must be a list");
    return [];
  }
  return (node.items as Node[]).flatMap((item) => declaration(item, refuse) ?? []);
}

/** The keys of an item that is to be a part of a pipeline. */
function isPart(node: Node, kind: string): boolean {
  return pairsOf(node).some(([key]) => parts[kind]?.includes(key));
}

/** A value of a declared type; undefined when it is none, which has been told. */
function typed({ name, type }: Declaration, node: Node, refuse: Refuse): Value | undefined {
  const text = scalarText(node);
  const no = (what: string): undefined => {
    refuse(node, `The '${name}' parameter ${text === undefined ? "value" : `value '${text}'`} is not a valid ${what}.`);
    return undefined;
  };
  switch (type) {
    case "string":
      return text ?? no("String");
    case "number":
      return text !== undefined && /^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : no("Number");
    case "boolean":
      return text !== undefined && /^(true|false)$/i.test(text.trim()) ? /true/i.test(text) : no("Boolean");
    case "object":
      return valueFrom(node);
  }
  const kind = type.replace(/List$/, "");
  const items = type === kind ? [node] : isSeq(node) ? (node.items as Node[]) : undefined;
  if (items === undefined || !items.every((item) => isPart(item, kind)))
    return no(type.charAt(0).toUpperCase() + type.slice(1));
  return valueFrom(node);
}

/** @returns the value; undefined when there is none, which has been told */
function bound(one: Declaration, passed: Node | undefined, at: Node, refuse: Refuse): Value | undefined {
  const given = passed ?? one.default;
  if (given === undefined) {
    refuse(at, `A value for the '${one.name}' parameter must be provided.`);
    return undefined;
  }
  const value = typed(one, given, refuse);
  if (value === undefined || one.values === undefined || !isSeq(one.values)) return value;
  const allowed = (one.values.items as Node[]).map((node) => typed(one, node, refuse) ?? null);
  if (allowed.some((candidate) => equal(candidate, value))) return value;
  refuse(
    given,
    `The '${one.name}' parameter value '${toText(value)}' is not a valid value; there are: ${allowed.map(toText).join(", ")}`,
  );
  return undefined;
}

/**
 * The values of parameters.
 * @param declared the `parameters:` of the file
 * @param passed by name, expanded already
 * @param at where they are passed, or would have to be
 */
export function bindParameters(
  declared: Node | undefined,
  passed: ReadonlyMap<string, { readonly key: Node; readonly value: Node }>,
  at: Node,
  refuse: Refuse,
): Dictionary {
  const all = declarations(declared, refuse);
  const given = new Map([...passed].map(([name, one]) => [name.toLowerCase(), one]));
  for (const [name, { key }] of passed)
    if (!all.some((one) => one.name.toLowerCase() === name.toLowerCase()))
      refuse(key, `Unexpected parameter '${name}'`);
  const values = all.map((one) => {
    if (one.default && /\$\{\{/.test(String(scalarText(one.default) ?? "")))
      refuse(one.default, `the default of parameter '${one.name}' must be a literal`);
    return [one.name, bound(one, given.get(one.name.toLowerCase())?.value, at, refuse) ?? null] as const;
  });
  return Object.fromEntries(values);
}
