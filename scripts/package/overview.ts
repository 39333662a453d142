// The page that the Marketplace shows.
import { pageOf } from "./repository.ts";

/** What stands in the page only when its links have a repository to lead to. */
const conditional = /^<!-- with a repository -->\n(.*?)^<!-- end -->\n?/gms;

/** A link, not a picture, to a file of the repository. */
const relativeLink = /(?<!!)(\[[^\]]*\])\((?!https:|#)([^)\s]+)\)/g;

/**
 * The page with absolute links. Pictures stay relative: they are in the package.
 * @throws Error when a link has no repository to lead to
 */
export function marketplacePage(overview: string, repository: string | undefined): string {
  const chosen = overview.replace(conditional, repository === undefined ? "" : "$1");
  return `${chosen
    .replace(relativeLink, (_, text: string, path: string) => {
      if (repository === undefined) throw new Error(`Without a repository, ${text} leads nowhere.`);
      return `${text}(${pageOf(repository, path)})`;
    })
    .trim()}\n`;
}
