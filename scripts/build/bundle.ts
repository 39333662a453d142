// One CommonJS file an entry. The options are measured: facts task-conventions §4.
import { fileURLToPath } from "node:url";
import { build, type Metafile } from "esbuild";

export const repository = fileURLToPath(new URL("../..", import.meta.url));

interface Bundles {
  /** File name to content, e.g. `index.js`. */
  readonly scripts: ReadonlyMap<string, Uint8Array>;
  /** License comments found inside the bundled files. */
  readonly legalComments: string;
  readonly metafile: Metafile;
}

/**
 * Bundles without writing anything.
 * @param entryPoints name of the script (without `.js`) to its source file
 * @throws what esbuild says is wrong with the source
 */
export async function bundle(entryPoints: Record<string, string>): Promise<Bundles> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: repository,
    entryPoints,
    outdir: "dist/EphemeralAgentTask",
    write: false,
    bundle: true,
    platform: "node",
    format: "cjs",
    // The older of the two handlers: a Node24 handler may run on Node 20 as well (facts task-conventions §1.2).
    target: "node20",
    minify: true,
    // Error names are read by people, and by the SDKs themselves.
    keepNames: true,
    mainFields: ["module", "main"],
    legalComments: "external",
    metafile: true,
    loader: { ".sh": "text" },
    logLevel: "silent",
  });
  const scripts = new Map<string, Uint8Array>();
  const comments: string[] = [];
  for (const { path, contents, text } of outputFiles) {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name.endsWith(".LEGAL.txt")) comments.push(text);
    else scripts.set(name, contents);
  }
  return { scripts, legalComments: comments.join("\n"), metafile };
}
