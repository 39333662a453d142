// What a user is told: failures by their code, each with its cause and the next step, and nothing when all is well.
import assert from "node:assert/strict";
import { catalog, type ErrorCode } from "../../../EphemeralAgentTask/src/errors/catalog.ts";

interface Issue {
  readonly type: "error" | "warning";
  readonly message: string;
}

interface Told {
  readonly issues: readonly Issue[];
}

/** What the agent itself says of a step that was canceled. */
const ofTheAgent = /The operation (will be|was) canceled\./i;

function theOnly({ issues }: Told, type: Issue["type"]): string {
  const told = issues.filter(({ message }) => !ofTheAgent.test(message));
  assert.equal(told.length, 1, `one issue is enough:\n${told.map(({ message }) => message).join("\n")}`);
  assert.equal(told[0]?.type, type);
  return told[0]?.message ?? "";
}

function assertTold(message: string, code: ErrorCode, causes: readonly RegExp[]): void {
  const { title, next } = catalog[code];
  assert.match(message, new RegExp(`^${code} `));
  assert.ok(message.includes(title), message);
  assert.ok(message.includes(`\n  Next step: ${next}`), message);
  const cause = /\n {2}Cause: (.*)\n {2}Next step: /s.exec(message)?.[1] ?? "";
  for (const one of causes) assert.match(cause, one);
}

/** One error, with the catalog's title and next step, whose cause matches. */
export function assertFailure(told: Told, code: ErrorCode, ...causes: readonly RegExp[]): void {
  assertTold(theOnly(told, "error"), code, causes);
}

/** The same as a warning. */
export function assertWarning(told: Told, code: ErrorCode, ...causes: readonly RegExp[]): void {
  assertTold(theOnly(told, "warning"), code, causes);
}

/** What a stage printed itself: without the agent's header, section lines and the notice of a cancel. */
export function ownLines(log: string): string[] {
  const lines = log.split("\n");
  const rules = lines.flatMap((text, index) => (/^={70,}$/.test(text) ? [index] : []));
  return lines
    .slice((rules[1] ?? -1) + 1)
    .filter((text) => !text.startsWith("##[section]") && !ofTheAgent.test(text) && text !== "");
}

/** A post-job step that had nothing to do. */
export function assertSilent(stage: Told & { readonly log: string; readonly result: string }): void {
  assert.equal(stage.result, "succeeded");
  assert.deepEqual(stage.issues, []);
  assert.deepEqual(ownLines(stage.log), []);
}
