// Before any test: task-lib, when a test loads it, keeps its key file where the agent's temporary files go.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

process.env.AGENT_TEMPDIRECTORY ??= mkdtempSync(join(tmpdir(), "agent-temp-"));
