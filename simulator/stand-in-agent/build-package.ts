// Builds the stand-in agent as a package that can be downloaded like the real one.
import { createHash } from "node:crypto";
import { copyFile, cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { c } from "tar";
import type { AgentPackage } from "../devops/pools/agent-packages.ts";

interface PackageOptions {
  /** The version the agent says it has. */
  readonly version: string;
  /** What it multiplies its pauses by. */
  readonly timeScale: number;
  /** Brings the node it runs on, as the real package does: for containers whose image has none. It takes 100 MB. */
  readonly withNode?: boolean;
}

const built = new Map<string, Promise<AgentPackage>>();

/** The stand-in agent as a `.tar.gz` laid out like the real one. Built once for each set of options. */
export function buildAgentPackage({ version, timeScale, withNode = false }: PackageOptions): Promise<AgentPackage> {
  const key = JSON.stringify([version, timeScale, withNode]);
  const building = built.get(key) ?? packed({ version, timeScale, withNode });
  built.set(key, building);
  return building;
}

async function packed(options: PackageOptions): Promise<AgentPackage> {
  const folder = await mkdtemp(join(tmpdir(), "agent-package-"));
  try {
    await layOut(join(folder, "agent"), options);
    const file = join(folder, "agent.tar.gz");
    await c(
      {
        // With a node in it, compressing takes seconds, for a package that never leaves this machine.
        gzip: { level: options.withNode ? 0 : 6 },
        file,
        cwd: join(folder, "agent"),
        portable: true,
        mtime: new Date(0),
      },
      ["."],
    );
    const content = await readFile(file);
    return { content, hashValue: createHash("sha256").update(content).digest("hex") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function layOut(folder: string, { version, timeScale, withNode }: PackageOptions): Promise<void> {
  await cp(path("layout"), folder, { recursive: true });
  await build({
    entryPoints: [path("main.ts")],
    outfile: join(folder, "bin", "agent.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    // Whatever is CommonJS inside asks for node's modules by `require`.
    banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
    logLevel: "error",
  });
  // A worker of its own name: a watchdog tells by it that a job is running.
  await writeFile(join(folder, "bin", "Agent.Worker.mjs"), 'import "./agent.mjs";\n');
  await writeFile(join(folder, "bin", "version"), version);
  await writeFile(join(folder, "bin", "simulator.json"), JSON.stringify({ timeScale }));
  if (!withNode) return;
  await mkdir(join(folder, "externals", "node", "bin"), { recursive: true });
  await copyFile(process.execPath, join(folder, "externals", "node", "bin", "node"));
}

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
