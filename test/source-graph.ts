// What the source files import of each other, types too: circles, in which a file reaches itself, and exports that nobody
// imports.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

const statement = /\b(?:from|import)\s*\(?\s*"(\.[^"]+)"/g;

const sourcesOf = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : sourcesOf(path);
    return /\.(ts|mjs)$/.test(entry.name) ? [path] : [];
  });

/** Each source file below the folders, with the files that it imports. */
export function importsBelow(folders: readonly string[]): Map<string, string[]> {
  const files = new Set(folders.flatMap(sourcesOf));
  return new Map(
    [...files].map((file) => [
      file,
      [...readFileSync(file, "utf8").matchAll(statement)]
        .map((match) => resolve(file, "..", match[1] ?? ""))
        .filter((target) => files.has(target)),
    ]),
  );
}

/** The groups of files that reach each other, largest first: Tarjan's strongly connected components. */
export function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const circles: string[][] = [];
  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    lowest.set(file, own);
    open.push(file);
    for (const target of imports.get(file) ?? []) {
      const reached = order.has(target) ? (open.includes(target) ? order.get(target) : undefined) : visit(target);
      if (reached !== undefined) lowest.set(file, Math.min(lowest.get(file) ?? own, reached));
    }
    if (lowest.get(file) === own) {
      const members = open.splice(open.indexOf(file));
      if (members.length > 1 || imports.get(file)?.includes(file)) circles.push(members.reverse());
    }
    return lowest.get(file) ?? own;
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return circles.sort((one, other) => other.length - one.length);
}

/** The circle as paths below `root`, each with what it imports of the circle. */
export const told = (circle: readonly string[], imports: ReadonlyMap<string, readonly string[]>, root: string) =>
  circle
    .map((file) => {
      const targets = (imports.get(file) ?? []).filter((target) => circle.includes(target));
      return `${relative(root, file)} → ${targets.map((target) => relative(root, target)).join(", ")}`;
    })
    .sort()
    .join("\n");

const exported =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:const|let|function\*?|class|interface|type|enum) (\w+)/gm;
const named = /^(?:import|export) (?:type )?\{([^}]*)\} from "(\.[^"]+)"/gm;
const whole = /\bimport\("(\.[^"]+)"\)|\bimport \* as \w+ from "(\.[^"]+)"/g;
const passedOn = /^export (?:type )?\* from "(\.[^"]+)"/gm;

/** Exports below the folders that no other file names, as `path: name`. */
export function unusedExports(imports: ReadonlyMap<string, readonly string[]>, root: string): string[] {
  const used = new Set<string>();
  const texts = [...imports.keys()].map((file) => [file, readFileSync(file, "utf8")] as const);
  const target = (file: string, path = "") => resolve(file, "..", path);
  const sources = new Map<string, string[]>();
  for (const [file, text] of texts)
    sources.set(
      file,
      [...text.matchAll(passedOn)].map(([, path]) => target(file, path)),
    );
  for (const [file, text] of texts) {
    for (const [, one, other] of text.matchAll(whole)) used.add(target(file, one ?? other));
    for (const [, names = "", path] of text.matchAll(named)) {
      for (const each of names.split(",")) {
        const [name = ""] = each
          .trim()
          .replace(/^type /, "")
          .split(" as ");
        for (const from of [target(file, path), ...(sources.get(target(file, path)) ?? [])])
          used.add(`${from} ${name}`);
      }
    }
  }
  return texts.flatMap(([file, text]) =>
    used.has(file)
      ? []
      : [...text.matchAll(exported)]
          .filter(([, name]) => !used.has(`${file} ${name}`))
          .map(([, name]) => `${relative(root, file)}: ${name}`),
  );
}
