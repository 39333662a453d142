// Bundles the tab into dist/results-tab: plain files, no code from elsewhere when it runs.
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { repository } from "./bundle.ts";

const source = join(repository, "results-tab");

/** Writes the tab's files. @returns the folder */
export async function buildResultsTab(): Promise<string> {
  const target = join(repository, "dist/results-tab");
  mkdirSync(target, { recursive: true });
  for (const name of ["index.html", "tab.css"]) cpSync(join(source, name), join(target, name));
  await build({
    entryPoints: [join(source, "src/main.ts")],
    outfile: join(target, "tab.js"),
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    logLevel: "silent",
  });
  return target;
}
