// Tasks that tell what they use: CPU time, memory and requests, counted in their own process.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export interface Usage {
  /** Milliseconds, of user and system together. */
  readonly cpu: number;
  /** The most there was at a time, in MB. Undefined when nobody counted it. */
  readonly memory?: number;
  readonly requests: number;
}

export interface MeasuredNode {
  /** What a task needs in its environment to be measured. */
  readonly environment: Readonly<Record<string, string>>;
  /** What all processes used that ended since the last call. */
  take(): Usage;
  close(): void;
}

const hook = fileURLToPath(new URL("usage.cjs", import.meta.url));

export function measuredNode(): MeasuredNode {
  const folder = mkdtempSync(join(tmpdir(), "bench-node-"));
  const file = join(folder, "usage.jsonl");
  writeFileSync(file, "");
  return {
    environment: { NODE_OPTIONS: `--require "${hook}"`, BENCH_USAGE: file },
    take() {
      const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
      writeFileSync(file, "");
      const all = lines.map((line) => JSON.parse(line) as Required<Usage>);
      return {
        cpu: all.reduce((sum, { cpu }) => sum + cpu, 0),
        memory: Math.max(0, ...all.map(({ memory }) => memory)),
        requests: all.reduce((sum, { requests }) => sum + requests, 0),
      };
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
