// The options of `npm run package`.
import { parseArgs } from "node:util";

/** What a package is made for. */
export interface PackageOptions {
  /** Publisher of the Marketplace; the manifest's when nobody names one. */
  readonly publisher?: string;
  /** Address of the repository, without a slash at its end. */
  readonly repository?: string;
  /** `X.Y.Z`; the manifest's when nobody names one. */
  readonly version?: string;
  /** A private extension of its own id beside the public one. */
  readonly preview: boolean;
}

export class Misuse extends Error {}

const usage = "npm run package -- [--publisher NAME] [--repository URL] [--version X.Y.Z] [--preview]";

function given(args: readonly string[]) {
  try {
    const options = {
      publisher: { type: "string" },
      repository: { type: "string" },
      version: { type: "string" },
      preview: { type: "boolean" },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new Misuse(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

/** @throws Misuse when an argument is not known or not what it has to be */
export function packageOptions(args: readonly string[]): PackageOptions {
  const { publisher, repository, version, preview = false } = given(args);
  if (publisher !== undefined && !/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(publisher))
    throw new Misuse(`The publisher '${publisher}' is not an id of letters, digits and hyphens.\n${usage}`);
  if (repository !== undefined && !/^https:\/\/[^\s/]+\/\S+$/.test(repository))
    throw new Misuse(`The repository '${repository}' is not an https address.\n${usage}`);
  if (version !== undefined && !/^\d+\.\d+\.\d+$/.test(version))
    throw new Misuse(`The version '${version}' is not X.Y.Z.\n${usage}`);
  return {
    preview,
    ...(publisher === undefined ? {} : { publisher }),
    ...(repository === undefined ? {} : { repository: repository.replace(/(?:\.git)?\/*$/, "") }),
    ...(version === undefined ? {} : { version }),
  };
}
