/** Something in a pipeline file that this runner will not run, with the line it stands on. */
export interface PipelineProblem {
  readonly line: number;
  readonly message: string;
}

/** A pipeline file was refused; every reason at once. */
export class PipelineRefused extends Error {
  override readonly name = "PipelineRefused";
  readonly problems: readonly PipelineProblem[];

  constructor(problems: readonly PipelineProblem[]) {
    const sorted = [...problems].sort((a, b) => a.line - b.line);
    super(sorted.map(({ line, message }) => `line ${line}: ${message}`).join("\n"));
    this.problems = sorted;
  }
}
