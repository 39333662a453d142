// The link at the end of each input's help in the editor.

import type { TaskManifest } from "../build/task-manifest.ts";
import { inputAnchor } from "../docs/inputs-page.ts";
import { pageOf } from "./repository.ts";

/**
 * The task's manifest with a link to each input's place in the documentation, or to the extension's page in the
 * Marketplace when there is no repository.
 */
export function withHelpLinks<T extends TaskManifest & { readonly helpMarkDown: string }>(
  task: T,
  { repository, itemPage }: { readonly repository: string | undefined; readonly itemPage: string },
): T {
  const linkOf = (path: string) => (repository === undefined ? itemPage : pageOf(repository, path));
  return {
    ...task,
    helpMarkDown: `${task.helpMarkDown} [Documentation](${linkOf("docs/README.md")})`,
    inputs: task.inputs.map((input) => ({
      ...input,
      helpMarkDown: `${input.helpMarkDown}\n\n[More about this input](${linkOf(`docs/inputs.md#${inputAnchor(input)}`)})`,
    })),
  };
}

/** The task's manifest with another version. @param version `X.Y.Z` */
export function withVersion<T extends TaskManifest>(task: T, version: string): T {
  const [Major = 0, Minor = 0, Patch = 0] = version.split(".").map(Number);
  return { ...task, version: { Major, Minor, Patch } };
}
