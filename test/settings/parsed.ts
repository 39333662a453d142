// The settings that inputs give, or what is said of their problems.
import assert from "node:assert/strict";
import { problemsError } from "../../EphemeralAgentTask/src/settings/input-problems.ts";
import { parse } from "../../EphemeralAgentTask/src/settings/parse-settings.ts";
import type { Settings } from "../../EphemeralAgentTask/src/settings/settings.ts";
import { type RawParts, rawTask } from "../in-memory/raw-inputs.ts";

export function good(parts: RawParts = {}): Extract<Settings, { action: "run" | "create" }> {
  const parsed = parse(rawTask(parts));
  assert.ok("settings" in parsed, "problems" in parsed ? problemsError(parsed.problems).message : "");
  assert.ok(parsed.settings.action === "run" || parsed.settings.action === "create");
  return parsed.settings;
}

export function bad(parts: RawParts): string {
  const parsed = parse(rawTask(parts));
  assert.ok("problems" in parsed, "these inputs must be refused");
  return problemsError(parsed.problems).message;
}
