// `template:` items: finds the file, binds its parameters, expands its list.
import { isMap, isSeq, type Node, type Scalar, type YAMLMap } from "yaml";
import type { PipelineProblem } from "../validation/pipeline-problems.ts";
import { originOf, parseFile } from "../yaml/source-origins.ts";
import { Expander, type FileScope, type TemplateList, templateLists } from "./expand-if-and-each.ts";
import { type FileRef, type ReadFile, type RepositoryResource, referTo, type TemplateFiles } from "./template-files.ts";
import { bindParameters } from "./template-parameters.ts";
import { mapNode, scalarText, textNode } from "./template-values.ts";

/** What the service allows ("Template expressions", imposed limits). */
const LIMITS = { files: 100, levels: 20 };

interface Place extends FileRef {
  readonly level: number;
}

const shown = ({ alias, path }: FileRef): string => (alias === undefined ? path : `${path}@${alias}`);

export class Includes {
  readonly #files: TemplateFiles;
  readonly #repositories: readonly RepositoryResource[];
  readonly #problems: PipelineProblem[];
  readonly expander: Expander;
  #included = 0;

  constructor(files: TemplateFiles, repositories: readonly RepositoryResource[], problems: PipelineProblem[]) {
    this.#files = files;
    this.#repositories = repositories;
    this.#problems = problems;
    this.expander = new Expander({
      refuse: (node, message) => this.refuse(node, message),
      include: (item, list, scope) => this.#include(item, list, scope),
    });
  }

  /** The place of the pipeline file itself. */
  get root(): Place {
    return { alias: undefined, path: this.#files.path, level: 0 };
  }

  refuse(node: Node, message: string): void {
    this.#problems.push({ ...originOf(node), message });
  }

  #reader(ref: FileRef, item: Node): ReadFile | undefined {
    if (ref.alias === undefined) return this.#files.self;
    const resource = this.#repositories.find(({ alias }) => alias.toLowerCase() === ref.alias?.toLowerCase());
    if (resource === undefined) {
      this.refuse(item, `the repository '${ref.alias}' is not among the pipeline's resources`);
      return undefined;
    }
    const reader = this.#files.repository(resource);
    if (reader === undefined)
      this.refuse(item, `the repository '${resource.name}' (${ref.alias}) is not known here: name a folder for it`);
    return reader;
  }

  /** The template's file, parsed. */
  #read(ref: FileRef, item: Node): YAMLMap<Scalar, Node | null> | undefined {
    const text = this.#reader(ref, item)?.(ref.path);
    if (text === undefined) {
      if (this.#problems.length === 0 || ref.alias === undefined)
        this.refuse(item, `the template '${shown(ref)}' is not there`);
      return undefined;
    }
    const before = this.#problems.length;
    const root = parseFile(text, shown(ref), this.#problems);
    // What cannot be parsed cannot be expanded: its errors are enough.
    if (this.#problems.length > before) return undefined;
    if (isMap(root)) return root as YAMLMap<Scalar, Node | null>;
    this.refuse(item, `the template '${shown(ref)}' must be a mapping`);
    return undefined;
  }

  #include(item: YAMLMap<Scalar, Node | null>, list: TemplateList, scope: FileScope): Node[] {
    const from = scope.file as Place;
    for (const { key } of item.items)
      if (!["template", "parameters"].includes(scalarText(key) ?? ""))
        this.refuse(key, `Unexpected value '${scalarText(key)}' beside a template; there is: parameters`);
    const ref = referTo(scalarText(item.get("template", true)) ?? "", from);
    this.#included += 1;
    if (from.level >= LIMITS.levels || this.#included > LIMITS.files) {
      const limit = from.level >= LIMITS.levels ? `${LIMITS.levels} levels of templates` : `${LIMITS.files} templates`;
      this.refuse(item, `no more than ${limit} are allowed ('${shown(ref)}')`);
      return [];
    }
    const root = this.#read(ref, item);
    if (root === undefined) return [];
    for (const { key } of root.items)
      if (scalarText(key) !== "parameters" && scalarText(key) !== list)
        this.refuse(
          key,
          `Unexpected value '${scalarText(key)}': a template of ${list} has parameters and ${list} only`,
        );
    const declared = root.get("parameters", true) ?? undefined;
    const parameters = bindParameters(declared, this.#passed(item), item, (node, message) =>
      this.refuse(node, message),
    );
    const body = root.get(list, true);
    if (!body) {
      if (!root.items.some(({ key }) => templateLists.some((one) => one === scalarText(key))))
        this.refuse(item, `the template '${shown(ref)}' has no ${list}`);
      return [];
    }
    const inner = { parameters, variables: scope.variables, locals: {}, file: { ...ref, level: from.level + 1 } };
    const expanded = this.expander.node(body, inner, list);
    if (isSeq(expanded)) return expanded.items as Node[];
    if (list === "variables" && isMap(expanded)) return asVariableList(expanded as YAMLMap<Scalar, Node | null>);
    if (scalarText(expanded) !== "") this.refuse(body, `${list} must be a list`);
    return [];
  }

  #passed(item: YAMLMap<Scalar, Node | null>): Map<string, { key: Node; value: Node }> {
    const passed = item.get("parameters", true);
    if (!passed || !isMap(passed)) {
      if (passed && scalarText(passed) !== "") this.refuse(passed, "the parameters of a template must be a mapping");
      return new Map();
    }
    return new Map(
      (passed as YAMLMap<Scalar, Node | null>).items.flatMap(({ key, value }) =>
        value === null ? [] : [[scalarText(key) ?? "", { key, value }]],
      ),
    );
  }
}

/** `name: value` pairs as the items of a list that they are included into. */
function asVariableList(map: YAMLMap<Scalar, Node | null>): Node[] {
  return map.items.map(({ key, value }) => {
    const origin = originOf(key);
    const name = [textNode("name", origin), key] as const;
    return mapNode([name, [textNode("value", origin), value ?? textNode("", origin)]], origin);
  });
}
