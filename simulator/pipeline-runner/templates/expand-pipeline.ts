// A pipeline file with all of its templates, expanded into one plain pipeline before anything of it runs.
import { isMap, isSeq, type Node, type Scalar, type YAMLMap } from "yaml";
import type { PipelineProblem } from "../validation/pipeline-problems.ts";
import { originOf, parseFile } from "../yaml/source-origins.ts";
import { noFiles, type RepositoryResource, type TemplateFiles } from "./template-files.ts";
import { Includes } from "./template-includes.ts";
import { bindParameters } from "./template-parameters.ts";
import { mapNode, scalarText, textNode } from "./template-values.ts";

export interface ExpandOptions {
  readonly files?: TemplateFiles;
  /** Parameters given when the run is queued. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Variables that the service knows before the run exists, such as `Build.SourceBranch`. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Read as they stand: no expressions are expanded in them ("Template expressions", note). */
const LITERAL = ["parameters", "trigger", "pr", "schedules", "resources"];

/** `resources.repositories`; other resources are none of a template's business. */
function repositoriesOf(root: YAMLMap<Scalar, Node | null>): RepositoryResource[] {
  const resources = root.get("resources", true);
  const list = isMap(resources) ? (resources as YAMLMap<Scalar, Node | null>).get("repositories", true) : undefined;
  if (!isSeq(list)) return [];
  return (list.items as Node[]).flatMap((item) => {
    if (!isMap(item)) return [];
    const text = (key: string) => scalarText((item as YAMLMap<Scalar, Node | null>).get(key, true)) ?? "";
    return [{ alias: text("repository"), type: text("type") || "git", name: text("name") }];
  });
}

/**
 * @param problems gets everything that is wrong
 * @returns the root of the expanded pipeline; null when the file is no mapping
 */
export function expandPipeline(text: string, options: ExpandOptions, problems: PipelineProblem[]): Node | null {
  const { files = noFiles, parameters: given = {}, variables = {} } = options;
  const root = parseFile(text, undefined, problems);
  // What cannot be parsed cannot be expanded: its errors are enough.
  if (!isMap(root) || problems.length > 0) return root;
  const map = root as YAMLMap<Scalar, Node | null>;
  const includes = new Includes(files, repositoriesOf(map), problems);
  const passed = new Map(
    Object.entries(given).map(([name, value]) => [name, { key: root, value: textNode(value, originOf(root)) }]),
  );
  const refuse = (node: Node, message: string) => includes.refuse(node, message);
  const parameters = bindParameters(map.get("parameters", true) ?? undefined, passed, root, refuse);
  const isLiteral = ({ key }: { readonly key: Scalar }) => LITERAL.includes(scalarText(key) ?? "");
  const entries = (items: typeof map.items) =>
    items.map(({ key, value }) => [key, value ?? textNode("", originOf(key))] as const);
  const scope = { parameters, variables, locals: {}, file: includes.root };
  const expanded = includes.expander.node(
    mapNode(entries(map.items.filter((item) => !isLiteral(item))), originOf(root)),
    scope,
  ) as YAMLMap<Scalar, Node>;
  return mapNode([...entries(map.items.filter(isLiteral)), ...entries(expanded.items)], originOf(root));
}

/** The expanded pipeline as YAML. @param root as `expandPipeline` gives it */
export function withoutDeclarations(root: Node): Node {
  if (!isMap(root)) return root;
  const items = (root as YAMLMap<Scalar, Node | null>).items.filter(({ key }) => scalarText(key) !== "parameters");
  return mapNode(
    items.map(({ key, value }) => [key, value ?? textNode("", originOf(key))] as const),
    originOf(root),
  );
}
