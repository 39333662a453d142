import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runCommand } from "../../simulator/containers/podman/engine-command.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(repository, "agent-image");

/** Reads a script with a grammar of PowerShell, and prints what is not in the language. */
const reader = `
import sys, tree_sitter, tree_sitter_powershell
source = open(sys.argv[1], "rb").read()
parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
def wrong(node):
    if node.type == "ERROR" or node.is_missing:
        print(f"line {node.start_point[0] + 1}: {source[node.start_byte:node.end_byte][:60]}")
    for child in node.children:
        wrong(child)
wrong(parser.parse(source).root_node)
`;

/** Python with the grammar, in a folder of its own: installed once. */
async function pythonWithGrammar(): Promise<string> {
  const environment = join(repository, ".tools/powershell-grammar");
  const python = join(environment, "bin/python");
  if (!existsSync(python)) await runCommand("python3", ["-m", "venv", environment]);
  const packages = ["tree-sitter==0.26.1", "tree-sitter-powershell==0.26.4"];
  await runCommand(python, ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", ...packages]);
  return python;
}

describe("the agent images' scripts", () => {
  it("in bash have nothing that shellcheck would complain of", async () => {
    const scripts = readdirSync(folder).filter((name) => name.endsWith(".sh"));
    assert.ok(scripts.length >= 3);
    await runCommand("shellcheck", ["-x", ...scripts], { cwd: folder });
  });

  it("in PowerShell are in the language", async () => {
    const python = await pythonWithGrammar();
    assert.equal(await runCommand(python, ["-c", reader, join(folder, "windows/entrypoint.ps1")]), "");
  });
});
