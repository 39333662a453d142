// Which packages went into the bundles: their licenses must go with them, and none may be there twice.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Metafile } from "esbuild";

interface BundledPackage {
  readonly name: string;
  /** Folder below the repository, e.g. `node_modules/jose`. */
  readonly root: string;
}

/** Stateless, so that a second copy costs a few kilobytes and nothing else. Any other one may split state in two. */
const harmlessTwice: ReadonlySet<string> = new Set(["@azure/abort-controller", "semver"]);

/** Every package with a file in the bundles, by name. */
export function bundledPackages(metafile: Metafile): readonly BundledPackage[] {
  const byRoot = new Map<string, BundledPackage>();
  for (const path of Object.keys(metafile.inputs)) {
    const found = /^(?<root>.*node_modules\/(?<name>(?:@[^/]+\/)?[^/]+))\//.exec(path);
    if (!found?.groups) continue;
    const { root = "", name = "" } = found.groups;
    byRoot.set(root, { name, root });
  }
  return [...byRoot.values()].sort((a, b) => a.name.localeCompare(b.name) || a.root.localeCompare(b.root));
}

/** Packages bundled from two places although they keep state: task-lib, for one, empties the environment as it loads. */
export function harmfulDuplicates(packages: readonly BundledPackage[]): readonly string[] {
  const rootsOf = (wanted: string) => packages.filter(({ name }) => name === wanted).map(({ root }) => root);
  const names = new Set(packages.map(({ name }) => name));
  return [...names]
    .filter((name) => rootsOf(name).length > 1 && !harmlessTwice.has(name))
    .map((name) => `${name}: ${rootsOf(name).join(", ")}`);
}

/**
 * The text that goes with the bundles.
 * @param repository absolute path of the repository
 * @param legalComments license comments found inside the bundled files
 * @throws when a package names no license
 */
export function licenseText(repository: string, packages: readonly BundledPackage[], legalComments: string): string {
  const notices = packages.map(({ name, root }) => {
    const folder = join(repository, root);
    const { version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    if (typeof license !== "string" && file === undefined) throw new Error(`${root} names no license.`);
    const text = file === undefined ? "" : `\n\n${readFileSync(join(folder, file), "utf8").trim()}`;
    const thirdParty = readThirdPartyNotice(folder);
    return `${name} ${version} (${license ?? "see below"})${text}${thirdParty}`;
  });
  const comments = legalComments.trim();
  const all = comments === "" ? notices : [...notices, `License comments inside the files above\n\n${comments}`];
  const rule = `\n\n${"-".repeat(80)}\n\n`;
  return `The bundled files contain these packages.${rule}${all.join(rule)}\n`;
}

function readThirdPartyNotice(folder: string): string {
  const file = join(folder, "ThirdPartyNotice.txt");
  return existsSync(file) ? `\n\n${readFileSync(file, "utf8").trim()}` : "";
}
