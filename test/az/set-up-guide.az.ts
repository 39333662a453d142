// The set-up guide, walked from its own text: every command of it that is not for a browser or a placeholder, in its order, in
// the simulator's shell, unchanged.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { azuriteProgram } from "../../simulator/storage/install-azurite.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const guide = readFileSync(join(repository, "docs/set-up-guide.md"), "utf8");
const blocks = [...guide.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = ""]) => block);

/** Says in the output where a command's own begins. */
const heading = (command: string): string => `printf '\\n>>> %s\\n' '${command.replaceAll("'", "'\\''")}'`;

interface Walk {
  readonly code: number | null;
  readonly text: string;
}

/** Runs the commands one after the other in one shell beside a simulator, and stops at the first that fails. */
function walk(folder: string): Promise<Walk> {
  const script = join(folder, "guide.sh");
  const lines = blocks.map((block) => `${heading(block.trimEnd().split("\n").at(-1) ?? "")}\n${block}`);
  writeFileSync(script, `#!/usr/bin/env bash\nset -euo pipefail\n${lines.join("\n")}`);
  chmodSync(script, 0o700);
  const child = spawn(process.execPath, ["--import=tsx", join(repository, "simulator/main.ts"), "--shell"], {
    cwd: folder,
    env: { ...process.env, SHELL: script, NODE_PATH: join(repository, "node_modules") },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (text += part.toString()));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, text }));
  });
}

describe("The set-up guide, from its own text", () => {
  const folder = mkdtempSync(join(tmpdir(), "guide-"));
  let walked: Walk;
  /** What a command printed. */
  const printed = (command: string): string => {
    const [, text] = walked.text.split(`\n>>> ${command}\n`);
    assert.ok(text !== undefined, `the guide has no command '${command}':\n${walked.text}`);
    return text.split("\n>>> ")[0] ?? "";
  };

  before(async () => {
    await azuriteProgram(console.log);
    // A clone, as far as the commands look into it.
    for (const name of ["samples", "templates", "agent-image", "node_modules"]) {
      symlinkSync(join(repository, name), join(folder, name));
    }
    walked = await walk(folder);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("has no command that somebody has to change first", () => {
    for (const block of blocks) assert.doesNotMatch(block, /YOUR-|…|\bNAME\b/);
  });

  it("runs to its end", () => assert.equal(walked.code, 0, walked.text));

  it("finds all well in the check, or does not check it, and warns of nothing", () => {
    const text = printed("pipeline run ephemeral-agents/check.yml");
    const levels = text
      .split("\n")
      .flatMap((line) => / {2}(ok|not checked|warning|wrong) {2,}\S/.exec(line)?.[1] ?? []);
    assert.deepEqual([...new Set(levels)].sort(), ["not checked", "ok"], text);
    assert.doesNotMatch(text, /warning|error/);
    assert.match(text, /run succeeded after/);
  });

  it("deploys to the storage account that the scripts made, and leaves no container", () => {
    const text = printed("pipeline run ephemeral-agents/deploy.yml");
    assert.match(text, /\.blob\.core\.windows\.net\/deployments\/release\.json is:\n.*"build": "\d+"/, text);
    assert.match(text, /run succeeded after/);
    assert.doesNotMatch(text, /warning|error/);
    const [containers = ""] = blocks.filter((block) => block.startsWith("az container list"));
    assert.equal(printed(containers.trimEnd()).trim(), "");
  });

  it("leaves nothing when it is torn down", () => {
    const last = (blocks.at(-1) ?? "").trimEnd().split("\n").at(-1) ?? "";
    assert.match(last, /^az resource list/);
    assert.equal(
      printed(last)
        .replace(/^exit.*$/m, "")
        .trim(),
      "",
    );
  });
});
