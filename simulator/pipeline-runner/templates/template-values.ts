// Between YAML nodes and what expressions work with.
import { isMap, isScalar, isSeq, type Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { type Dictionary, toText, type Value } from "../../expressions/values.ts";
import { type Origin, withOrigin } from "../yaml/source-origins.ts";

/** What a list or mapping was read from: inserted again it keeps the lines on which it was written. */
const written = new WeakMap<object, Node>();

/** A text node. */
export const textNode = (text: string, origin: Origin): Scalar => withOrigin(new Scalar(text), origin);

export function mapNode(entries: readonly (readonly [key: Scalar, value: Node])[], origin: Origin): YAMLMap {
  const map = new YAMLMap();
  map.items.push(...entries.map(([key, value]) => new Pair(key, value)));
  return withOrigin(map, origin);
}

export function listNode(items: readonly Node[], origin: Origin): YAMLSeq {
  const list = new YAMLSeq();
  list.items.push(...items);
  return withOrigin(list, origin);
}

/** An expanded node as a value. Scalars are text: only a declared parameter has another type. */
export function valueFrom(node: Node): Value {
  if (isScalar(node)) return node.value === null ? "" : String(node.value);
  if (isSeq(node)) {
    const list = (node.items as Node[]).map(valueFrom);
    written.set(list, node);
    return list;
  }
  if (!isMap(node)) return "";
  const entries = (node as YAMLMap<Scalar, Node | null>).items.map(
    ({ key, value }) => [String(key.value), value === null ? "" : valueFrom(value)] as const,
  );
  const mapping: Dictionary = Object.fromEntries(entries);
  written.set(mapping, node);
  return mapping;
}

/** A value as a node, which is expanded already. */
export function nodeFrom(value: Value, origin: Origin): Node {
  if (value === null || typeof value !== "object") return textNode(toText(value), origin);
  const known = written.get(value);
  if (known) return known;
  if (Array.isArray(value)) {
    return listNode(
      (value as readonly Value[]).map((item) => nodeFrom(item, origin)),
      origin,
    );
  }
  const entries = Object.entries(value as Dictionary);
  return mapNode(
    entries.map(([key, one]) => [textNode(key, origin), nodeFrom(one, origin)] as const),
    origin,
  );
}

/** The text of a scalar; undefined for anything else. */
export const scalarText = (node: Node | null | undefined): string | undefined =>
  isScalar(node) ? (node.value === null ? "" : String(node.value)) : undefined;
