// docs/inputs.md, from task.json. `npx tsx scripts/docs/inputs-page.ts` writes it anew.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TaskInput, TaskManifest } from "../build/task-manifest.ts";

const introduction = `# Inputs and outputs

Every input of \`EphemeralAgent@1\`, in the order of the editor. Each group begins with a block to copy: paste it under
\`inputs:\` of the task, or under \`agent:\` of the [template](shapes.md#the-template), and keep the lines that you need. A
line that is commented out is another way to say what the line above it says. [Ways in](ways-in.md) has whole steps for
each kind of service connection, registry, network and container.`;

/** Inputs that are another way to give what an input before them gives. */
const otherWay: readonly string[] = ["containerRegistry", "subnetId", "connectedServiceNameAzureDevOps"];

/** What stands in a block for an input whose example is a sentence. */
const inBlock: Readonly<Record<string, string>> = { agentCaBundle: "$(rootCertificate)" };

/** The name that users write. */
const writtenName = ({ name, aliases }: TaskInput): string => aliases?.[0] ?? name;

/** The anchor of an input on the page. */
export const inputAnchor = (input: TaskInput): string => writtenName(input).toLowerCase();

/** The unit in parentheses at the end of a label. */
const unitOf = ({ label }: TaskInput): string | undefined => /\((seconds|minutes|cores|GB)\)$/.exec(label)?.[1];

const withoutExample = (text: string): string => text.replace(/\n+Example: .*$/s, "");

const exampleOf = ({ helpMarkDown }: TaskInput): string | undefined => /\nExample: `([^`]*)`/.exec(helpMarkDown)?.[1];

/** The lines of an input in a block of YAML. */
function yamlLines(input: TaskInput): readonly string[] {
  const value = String(inBlock[input.name] ?? exampleOf(input) ?? input.defaultValue ?? "");
  const unit = unitOf(input);
  const name = writtenName(input);
  const lines =
    input.type === "multiLine"
      ? [`${name}: |`, ...value.split("\n").map((line) => `  ${line}`)]
      : [`${name}: ${value}${unit === undefined ? "" : ` # ${unit}`}`];
  return otherWay.includes(input.name) ? lines.map((line) => `# ${line}`) : lines;
}

/** For whom an input is there, in words; undefined when every action reads it. */
function readBy({ visibleRule = "" }: TaskInput): string | undefined {
  const rules = [...visibleRule.matchAll(/(\w+) = (\w+)/g)].map(([, name = "", value = ""]) => [name, value] as const);
  const [first] = rules;
  if (first === undefined) return undefined;
  const values = rules.map(([, value]) => `\`${value}\``);
  const last = values.pop();
  const list = values.length === 0 ? last : `${values.join(", ")} and ${last}`;
  return first[0] === "action" ? `used by ${list}` : `used with \`${first[0]}: ${first[1]}\``;
}

function section(input: TaskInput): string {
  const standard = input.defaultValue === undefined ? undefined : `\`${input.defaultValue}\``;
  const unit = unitOf(input);
  const facts = [
    input.required && standard === undefined ? "**required**" : undefined,
    standard === undefined ? undefined : `default ${standard}${unit === undefined ? "" : ` ${unit}`}`,
    standard === undefined && unit !== undefined ? `in ${unit}` : undefined,
    input.options === undefined
      ? undefined
      : `one of ${Object.keys(input.options)
          .map((one) => `\`${one}\``)
          .join(", ")}`,
    readBy(input),
    input.aliases === undefined ? undefined : `also \`${input.name}\``,
  ].filter((fact) => fact !== undefined);
  const example = exampleOf(input);
  return [
    `### ${writtenName(input)}`,
    `*${input.label}*${facts.length === 0 ? "" : ` · ${facts.join(" · ")}`}`,
    withoutExample(input.helpMarkDown),
    ...(example === undefined ? [] : [input.helpMarkDown.slice(input.helpMarkDown.indexOf("\nExample: ")).trim()]),
  ].join("\n\n");
}

function groupSection(title: string, inputs: readonly TaskInput[]): string {
  const block = inputs.flatMap(yamlLines).join("\n");
  return [`## ${title}`, `\`\`\`yaml\n${block}\n\`\`\``, ...inputs.map(section)].join("\n\n");
}

/** @returns the page as Markdown */
export function inputsPage({ groups, inputs, outputVariables }: TaskManifest): string {
  const of = (group: string | undefined) => inputs.filter(({ groupName }) => groupName === group);
  const outputs = outputVariables.map(({ name, description }) => `- \`${name}\`: ${description}`).join("\n");
  return `${[
    introduction,
    groupSection("Always", of(undefined)),
    ...groups.map(({ name, displayName }) => groupSection(displayName, of(name))),
    "## Outputs",
    "Other jobs read them as `dependencies.JOB.outputs['STEP.agentName']`. Neither the template nor the samples need them.",
    outputs,
  ].join("\n\n")}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const repository = fileURLToPath(new URL("../..", import.meta.url));
  const task: TaskManifest = JSON.parse(readFileSync(join(repository, "EphemeralAgentTask/task.json"), "utf8"));
  writeFileSync(join(repository, "docs/inputs.md"), inputsPage(task));
}
