// Bundles the tab into dist/results-tab: plain files, no code from elsewhere when it runs.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { repository } from "./bundle.ts";
import { writeFolder } from "./output-folder.ts";

const source = join(repository, "results-tab");

/** Writes the tab's files. @returns the folder */
export async function buildResultsTab(): Promise<string> {
  const target = join(repository, "dist/results-tab");
  const { outputFiles } = await build({
    entryPoints: [join(source, "src/main.ts")],
    write: false,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    legalComments: "none",
    logLevel: "silent",
  });
  const files = new Map<string, Uint8Array>(outputFiles.map(({ contents }) => ["tab.js", contents]));
  for (const name of ["index.html", "tab.css"]) files.set(name, readFileSync(join(source, name)));
  writeFolder(target, files);
  return target;
}
