// Before any test: task-lib, when a test loads it, keeps its key file where the agent's temporary files go.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

if (process.env.AGENT_TEMPDIRECTORY === undefined) {
  const folder = mkdtempSync(join(tmpdir(), "agent-temp-"));
  process.env.AGENT_TEMPDIRECTORY = folder;
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
}
