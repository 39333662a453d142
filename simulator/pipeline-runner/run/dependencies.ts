// What stages and jobs depend on, directly and indirectly.
import type { JobDefinition, StageDefinition } from "../pipeline-model.ts";

/** Every job's way of being found: its stage and itself. */
export const keyOf = (stage: StageDefinition, job: JobDefinition): string => `${stage.name}.${job.name}`.toLowerCase();

/** Those a stage or job depends on, and those they depend on. */
export function ancestorsOf<Node extends { readonly name: string; readonly dependsOn: readonly string[] }>(
  node: Node,
  all: readonly Node[],
): Node[] {
  const found = new Set<Node>();
  const visit = (one: Node): void => {
    for (const dependency of one.dependsOn) {
      const next = all.find(({ name }) => name.toLowerCase() === dependency.toLowerCase());
      if (next === undefined || found.has(next)) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(node);
  return [...found];
}

/** Whether a name is among others, without regard to case. */
export function includes(names: readonly string[], name: string): boolean {
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
}
