// A problem in a pipeline file, with its line.

/** Something in a pipeline file that this runner will not run, with the line it stands on. */
export interface PipelineProblem {
  /** The template that it stands in; the pipeline file itself when left out. */
  readonly file?: string | undefined;
  readonly line: number;
  readonly message: string;
}

const described = ({ file, line, message }: PipelineProblem): string =>
  `${file === undefined ? "" : `${file}, `}line ${line}: ${message}`;

/** A pipeline file was refused; every reason at once. */
export class PipelineRefused extends Error {
  override readonly name = "PipelineRefused";
  readonly problems: readonly PipelineProblem[];

  constructor(problems: readonly PipelineProblem[]) {
    const sorted = [...problems].sort((a, b) => (a.file ?? "").localeCompare(b.file ?? "") || a.line - b.line);
    // A template that is used several times says the same each time.
    super([...new Set(sorted.map(described))].join("\n"));
    this.problems = sorted;
  }
}
