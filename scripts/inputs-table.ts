// The README's tables of inputs and outputs, from task.json. `npx tsx scripts/inputs-table.ts` writes them anew.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface TaskInput {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly type: string;
  readonly label: string;
  readonly defaultValue?: string | boolean;
  readonly required?: boolean;
  readonly helpMarkDown: string;
  readonly groupName?: string;
  readonly visibleRule?: string;
  readonly options?: Readonly<Record<string, string>>;
  readonly properties?: Readonly<Record<string, string>>;
}

/** Where the editor gets the choices of an input. */
export interface DataSourceBinding {
  readonly target: string;
  readonly endpointId: string;
  readonly dataSourceName?: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly endpointUrl?: string;
  readonly resultSelector?: string;
  readonly resultTemplate?: string;
}

type Handlers = Readonly<Record<string, { readonly target: string }>>;

export interface TaskManifest {
  readonly version: { readonly Major: number; readonly Minor: number; readonly Patch: number };
  readonly groups: readonly {
    readonly name: string;
    readonly displayName: string;
    readonly isExpanded?: boolean;
    readonly visibleRule?: string;
  }[];
  readonly inputs: readonly TaskInput[];
  readonly dataSourceBindings: readonly DataSourceBinding[];
  readonly outputVariables: readonly { readonly name: string; readonly description: string }[];
  readonly execution: Handlers;
  readonly postjobexecution: Handlers;
  readonly restrictions: { readonly settableVariables: { readonly allowed: readonly string[] } };
}

const cell = (text: string) => text.replaceAll("|", "\\|").replaceAll(/\n+/g, "<br>");

function row(input: TaskInput): string {
  const name = [input.name, ...(input.aliases ?? [])].map((one) => `\`${one}\``);
  const shown = name.length > 1 ? `${name.at(-1)} (${name[0]})` : name[0];
  const usual = input.required && input.defaultValue === undefined ? "**required**" : `\`${input.defaultValue ?? ""}\``;
  const choices = Object.keys(input.options ?? {}).map((one) => `\`${one}\``);
  const help = choices.length === 0 ? input.helpMarkDown : `${input.helpMarkDown}\nAllowed: ${choices.join(", ")}`;
  return `| ${shown} | ${usual === "``" ? "" : usual} | ${cell(help)} |`;
}

function inputTable({ groups, inputs }: TaskManifest): string {
  const sections = [undefined, ...groups].map((group) => {
    const title = group === undefined ? "Always" : group.displayName;
    const rows = inputs.filter(({ groupName }) => groupName === group?.name).map(row);
    return [`#### ${title}`, "", "| Input | Default | |", "| --- | --- | --- |", ...rows].join("\n");
  });
  return sections.join("\n\n");
}

function outputTable({ outputVariables }: TaskManifest): string {
  const rows = outputVariables.map(({ name, description }) => `| \`${name}\` | ${cell(description)} |`);
  return ["| Output | |", "| --- | --- |", ...rows].join("\n");
}

function replaceBetween(text: string, marker: string, content: string): string {
  const [begin, end] = [`<!-- ${marker} -->`, `<!-- end of ${marker} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The README lacks the markers of the ${marker}.`);
  return `${text.slice(0, from)}${begin}\n\n${content}\n\n${text.slice(to)}`;
}

/**
 * The README with its tables made from the manifest.
 * @throws when the README lacks the markers of a table
 */
export function withTables(readme: string, task: TaskManifest): string {
  const withInputs = replaceBetween(readme, "inputs", inputTable(task));
  return replaceBetween(withInputs, "outputs", outputTable(task));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const repository = fileURLToPath(new URL("..", import.meta.url));
  const readme = join(repository, "README.md");
  const task = JSON.parse(readFileSync(join(repository, "EphemeralAgentTask/task.json"), "utf8"));
  writeFileSync(readme, withTables(readFileSync(readme, "utf8"), task));
}
