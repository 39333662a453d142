// Reads values of a YAML file and collects problems with their lines.
import { isMap, isScalar, isSeq, type Node, type YAMLMap } from "yaml";
import { type PipelineProblem, PipelineRefused } from "../validation/pipeline-problems.ts";
import { originOf } from "./source-origins.ts";

/** Reads one value of a mapping; what it makes of it, it keeps itself. */
export type Read = (value: Node) => void;

/**
 * An expanded pipeline being read. Everything that is not understood becomes a problem with its line; reading goes on, so
 * that all of them are found at once.
 */
export class YamlSource {
  readonly root: Node | null;
  readonly #problems: PipelineProblem[];

  /** @param problems what was found before; more is added to it */
  constructor(root: Node | null, problems: PipelineProblem[]) {
    this.root = root;
    this.#problems = problems;
  }

  line(node: Node): number {
    return originOf(node).line;
  }

  problem(node: Node, message: string): void {
    this.#problems.push({ ...originOf(node), message });
  }

  /** @throws PipelineRefused when there were problems. */
  finish(): void {
    if (this.#problems.length > 0) throw new PipelineRefused(this.#problems);
  }

  /** Reads a mapping by its keys; any other key is a problem that names it. */
  map(node: Node, what: string, keys: Readonly<Record<string, Read>>): void {
    for (const [key, value, keyNode] of this.entries(node, what)) {
      const read = keys[key];
      if (read !== undefined) read(value);
      else
        this.problem(keyNode, `'${key}' of ${what} is not supported here; there are: ${Object.keys(keys).join(", ")}`);
    }
  }

  /** Keys and values of a mapping; a value that is left out reads as empty text. */
  entries(node: Node, what: string): [key: string, value: Node, keyNode: Node][] {
    if (!isMap(node)) {
      this.problem(node, `${what} must be a mapping`);
      return [];
    }
    const found: [string, Node, Node][] = [];
    for (const { key, value } of (node as YAMLMap<Node, Node>).items) {
      if (isScalar(key) && value !== null) found.push([String(key.value), value, key]);
      else this.problem(key, `${what} has a key that is not plain text`);
    }
    return found;
  }

  list(node: Node, what: string): Node[] {
    if (isSeq(node)) return node.items as Node[];
    this.problem(node, `${what} must be a list`);
    return [];
  }

  /** A text. */
  text(node: Node, what: string): string {
    if (isScalar(node)) return node.value === null ? "" : String(node.value);
    this.problem(node, `${what} must be a text`);
    return "";
  }

  /** One text or a list of them. */
  texts(node: Node, what: string): string[] {
    return isSeq(node) ? (node.items as Node[]).map((item) => this.text(item, what)) : [this.text(node, what)];
  }

  boolean(node: Node, what: string): boolean {
    const text = this.text(node, what).toLowerCase();
    if (!["true", "false", "yes", "no", "on", "off", "y", "n"].includes(text))
      this.problem(node, `${what} must be true or false, not '${text}'`);
    return ["true", "yes", "on", "y"].includes(text);
  }

  integer(node: Node, what: string): number {
    const text = this.text(node, what);
    if (!/^\d+$/.test(text)) this.problem(node, `${what} must be a whole number, not '${text}'`);
    return Number.parseInt(text, 10);
  }
}
