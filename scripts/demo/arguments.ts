// What somebody asked of the demo.
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chosenPace, type Pace, paceHelp, paceOptions } from "../../simulator/pace/service-pace.ts";
import { repository } from "../build/bundle.ts";
import { type FailureName, failureNames, failures } from "./failures.ts";

/** Wrong arguments: one clear message, and nothing has been started. */
export class Misuse extends Error {}

export interface DemoArguments {
  /** Path of the pipeline file. */
  readonly file: string;
  /** Print the expanded pipeline instead of running it. */
  readonly expand: boolean;
  /** Print the samples instead of running one. */
  readonly list: boolean;
  /** Print what there is to ask for. */
  readonly help: boolean;
  /** What to break, if anything. */
  readonly fail: FailureName | undefined;
  /** Folders of other repositories, by alias. */
  readonly repositories: Readonly<Record<string, string>>;
  /** The times that container groups take; quick when left out. */
  readonly pace: Pace | undefined;
}

const samplesFolder = join(repository, "samples");
const FILE_NAME = "azure-pipelines.yml";
const FIRST_SAMPLE = "deploy";

/** The names of the samples that are pipelines. */
export function sampleNames(): string[] {
  return readdirSync(samplesFolder).filter((name) => existsSync(join(samplesFolder, name, FILE_NAME)));
}

/** The samples with the first line of each. */
export function sampleList(): string[] {
  const names = sampleNames();
  const width = Math.max(...names.map(({ length }) => length));
  return names.map((name) => {
    const [first = ""] = readFileSync(join(samplesFolder, name, FILE_NAME), "utf8").split("\n");
    return `${name.padEnd(width)}  ${first.replace(/^# /, "")}`;
  });
}

const usage = `Usage: npm run demo [-- SAMPLE | FOLDER | FILE.yml | list] [--expand] [--repository ALIAS=FOLDER]
                         [--pace recorded|median [--seed N]]
       npm run demo -- --fail ${failureNames.join("|")}
Samples: ${sampleNames().join(", ")}`;

export const help = `${usage}

Runs a pipeline file from beginning to end in a simulated Azure and Azure DevOps.

  list                 prints the samples with what each is for
  --expand             prints the pipeline with its templates expanded, and runs nothing
  --repository A=F     reads templates of the repository resource A from the folder F
  --fail NAME          shows a failure: how it is reported, and that nothing is left
${paceHelp}`;

/** A sample by its name, a folder with a pipeline file, or the file. */
function fileOf(named: string): string {
  if (sampleNames().includes(named)) return join(samplesFolder, named, FILE_NAME);
  return existsSync(named) && statSync(named).isDirectory() ? join(named, FILE_NAME) : named;
}

function repositoryOf(pair: string): readonly [alias: string, folder: string] {
  const [alias = "", folder = ""] = pair.split("=", 2);
  if (alias === "" || !existsSync(folder)) throw new Misuse(`--repository ${pair} is not ALIAS=FOLDER.\n${usage}`);
  return [alias.toLowerCase(), folder];
}

function failureOf(named: string | undefined): FailureName | undefined {
  const found = failureNames.find((name) => name === named);
  if (named !== undefined && found === undefined) throw new Misuse(`--fail knows no '${named}'.\n${usage}`);
  return found;
}

/** @throws Misuse */
export function demoArguments(args: readonly string[]): DemoArguments {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        ...{ expand: { type: "boolean" }, fail: { type: "string" }, repository: { type: "string", multiple: true } },
        ...paceOptions,
        help: { type: "boolean" },
      },
    });
    const fail = failureOf(values.fail);
    const [named = fail === undefined ? FIRST_SAMPLE : failures[fail].sample, ...others] = positionals;
    if (others.length > 0) throw new Misuse(usage);
    if (fail !== undefined && positionals.length > 0)
      throw new Misuse(`--fail brings its own pipeline file; leave out ${named}.\n${usage}`);
    return {
      file: fileOf(named),
      expand: values.expand ?? false,
      list: named === "list",
      help: values.help ?? false,
      fail,
      pace: chosenPace(values),
      repositories: Object.fromEntries((values.repository ?? []).map(repositoryOf)),
    };
  } catch (error) {
    if (error instanceof Misuse) throw error;
    throw new Misuse(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}
