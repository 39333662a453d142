// Where a node of a pipeline was written. Expansion makes new nodes and moves others between files, so a node's own
// offset says nothing any more.
import { LineCounter, type Node, parseDocument, visit } from "yaml";
import type { PipelineProblem } from "../validation/pipeline-problems.ts";

export interface Origin {
  /** The template's path as it was named; undefined for the pipeline file itself. */
  readonly file: string | undefined;
  readonly line: number;
}

const origins = new WeakMap<object, Origin>();

/** Where a node was written; the file's first line when nobody noted it. */
export const originOf = (node: Node | null | undefined): Origin =>
  (node && origins.get(node)) ?? { file: undefined, line: 1 };

/** Notes where a node was written. Returns it. */
export function withOrigin<Kind extends Node>(node: Kind, origin: Origin): Kind {
  origins.set(node, origin);
  return node;
}

/**
 * Parses a file. Every scalar is text to a pipeline: `on`, `010` and `1.0` stay as they are written.
 * @param file as it is named in problems; undefined for the pipeline file itself
 * @returns its root; null when it is empty
 */
export function parseFile(text: string, file: string | undefined, problems: PipelineProblem[]): Node | null {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, schema: "failsafe" });
  for (const { pos, message } of document.errors) {
    const line = lines.linePos(pos[0]).line;
    problems.push({ file, line, message: (message.split("\n")[0] ?? "").replace(/ at line.*/, "") });
  }
  visit(document, {
    Node: (_, node) => void withOrigin(node, { file, line: lines.linePos(node.range?.[0] ?? 0).line }),
  });
  return document.contents;
}
