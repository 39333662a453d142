// Where templates come from: the pipeline's own repository, or one that `resources` names, each a folder here.
import { readFileSync } from "node:fs";
import { posix } from "node:path";

/** A repository as `resources.repositories` declares it. */
export interface RepositoryResource {
  /** What comes behind `@`. */
  readonly alias: string;
  /** `git`, `github`, … */
  readonly type: string;
  /** `project/repository` or `owner/repository`. */
  readonly name: string;
}

/** Reads files of a repository. @returns undefined when there is no such file */
export type ReadFile = (path: string) => string | undefined;

export interface TemplateFiles {
  /** The pipeline's own repository. */
  readonly self: ReadFile;
  /** Path of the pipeline file in it, with forward slashes. */
  readonly path: string;
  /** Another repository; undefined when this machine has none of that name. */
  repository(resource: RepositoryResource): ReadFile | undefined;
}

/** A template is looked for in this repository, at a path relative to the file that names it. */
export interface FileRef {
  /** Alias of the repository; undefined for the pipeline's own. */
  readonly alias: string | undefined;
  readonly path: string;
}

/**
 * Where a template is. `name` is relative to the file that names it, and absolute with a slash in front; behind `@` comes
 * another repository, in which the path begins at its root; `@self` is the pipeline's own ("Templates", reference template
 * paths).
 */
export function referTo(name: string, from: FileRef): FileRef {
  const at = name.lastIndexOf("@");
  const path = at < 0 ? name : name.slice(0, at);
  if (at >= 0) {
    const alias = name.slice(at + 1);
    return {
      alias: alias.toLowerCase() === "self" ? undefined : alias,
      path: posix.normalize(path.replace(/^\/+/, "")),
    };
  }
  const joined = path.startsWith("/") ? path.slice(1) : posix.join(posix.dirname(from.path), path);
  return { alias: from.alias, path: posix.normalize(joined) };
}

/** Reads the files of a folder of this machine, and none outside it. */
export function folderFiles(folder: string): ReadFile {
  return (path) => {
    if (path.startsWith("..") || path.startsWith("/")) return undefined;
    try {
      return readFileSync(`${folder}/${path}`, "utf8");
    } catch {
      return undefined;
    }
  };
}

/** For a pipeline that is nothing but a text: it has no templates. */
export const noFiles: TemplateFiles = {
  self: () => undefined,
  path: "azure-pipelines.yml",
  repository: () => undefined,
};
