// The pipeline that the demo runs, with the places where its templates are.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { Document, type Node } from "yaml";
import { expandPipeline, withoutDeclarations } from "../../simulator/pipeline-runner/templates/expand-pipeline.ts";
import { folderFiles, type TemplateFiles } from "../../simulator/pipeline-runner/templates/template-files.ts";
import { type PipelineProblem, PipelineRefused } from "../../simulator/pipeline-runner/validation/pipeline-problems.ts";
import { repository } from "../build/bundle.ts";
import { type DemoArguments, Misuse } from "./arguments.ts";

export interface PipelineFile {
  readonly name: string;
  readonly yaml: string;
  readonly files: TemplateFiles;
}

/** As the samples call this repository in their `resources`. */
const OWN_ALIAS = "ephemeral-agents";

/** The repository that a file is in: the folder with `.git` above it, else its own folder. */
function repositoryFolder(path: string): string {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder;
    if (dirname(folder) === folder) return dirname(path);
  }
}

/** @throws Misuse when the file cannot be read */
export function pipelineFile({ file, repositories }: Pick<DemoArguments, "file" | "repositories">): PipelineFile {
  const path = resolve(file);
  const folder = repositoryFolder(path);
  const files: TemplateFiles = {
    self: folderFiles(folder),
    path: relative(folder, path).split(sep).join("/"),
    repository({ alias }) {
      const other = repositories[alias.toLowerCase()] ?? (alias === OWN_ALIAS ? repository : undefined);
      return other === undefined ? undefined : folderFiles(resolve(other));
    },
  };
  try {
    return { name: relative(process.cwd(), path), yaml: readFileSync(path, "utf8"), files };
  } catch (error) {
    throw new Misuse(`The pipeline file ${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** The pipeline as it is after every template is expanded. @throws PipelineRefused */
export function expandedYaml({ yaml, files }: PipelineFile): string {
  const problems: PipelineProblem[] = [];
  const root = expandPipeline(yaml, { files }, problems);
  if (root === null || problems.length > 0) throw new PipelineRefused(problems);
  const document = new Document<Node>(withoutDeclarations(root), { schema: "failsafe" });
  return document.toString({ lineWidth: 0 });
}
