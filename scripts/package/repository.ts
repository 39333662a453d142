// Where a file of the repository is read on the web.

/** Azure Repos shows files by a query, everybody else by a path. */
const isAzureRepos = ({ hostname }: URL): boolean =>
  hostname === "dev.azure.com" || hostname.endsWith(".visualstudio.com");

/**
 * @param repository its address, without a slash at its end
 * @param path of the file, perhaps with an anchor
 */
export function pageOf(repository: string, path: string): string {
  const address = new URL(repository);
  if (!isAzureRepos(address)) return `${repository}/blob/main/${path}`;
  const [file = "", anchor] = path.split("#");
  return `${repository}?path=/${file}&version=GBmain${anchor === undefined ? "" : `&anchor=${anchor}`}`;
}
