// The words of everything that people read: American spelling, the usual terms, no quaint phrases. Code spans and blocks are
// left out, for they hold the words of the services.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { textOf } from "../package/manifests.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** What must not be written, and what to write instead. */
const banned: readonly (readonly [RegExp, string])[] = [
  [/\bmend(?:s|ed|ing)?\b/i, "fix"],
  [/\bcancell(?:ed|ing)\b/i, "canceled, canceling"],
  [/\blicences?\b/i, "license"],
  [/\bcolour(?:s|ed|ing)?\b/i, "color"],
  [/\bbehaviour/i, "behavior"],
  [/\bfavour/i, "favor"],
  [/\bneighbour/i, "neighbor"],
  [/\b(?:recogni|organi|authori|customi|normali|minimi|initiali)s(?:e|es|ed|ing|ation)\b/i, "-ize"],
  [/\bcentre\b/i, "center"],
  [/\bcatalogue\b/i, "catalog"],
  [/\bwhilst\b/i, "while"],
  [/\b(?:labelled|modelled|travelled)\b/i, "one l"],
  [/\bset-up\b(?!\.sh|-guide)/i, "setup"],
  [/\bclean-up\b/i, "cleanup"],
  [/\bruns? that (?:is|are) over\b/i, "finished run"],
  [/\b(?:all|both) (?:will )?do[.,;]/i, "are all supported"],
  [/\bwill do\b/i, "is supported"],
  [/\bway out\b/i, "outbound access"],
  [/\bif it stays\b/i, "if the problem persists"],
  [/\bone a line\b/i, "one per line"],
  [/\bother shapes\b/i, "other patterns"],
];

const filesIn = (folder: string, pattern: RegExp): string[] =>
  readdirSync(join(repository, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name))
    .filter((name) => pattern.test(name));

/** Prose of a page: without code, links' targets and comments. */
const prose = (page: string): string =>
  page
    .replace(/^ *```.*?^ *```$/gms, "")
    .replace(/`[^`\n]*`/g, "")
    .replace(/\]\([^)]*\)/g, "]")
    .replace(/<!--.*?-->/gs, "");

/** Sentences among the string literals of a program: whatever has a space in it. */
const literals = (source: string): string =>
  [...source.replace(/^\s*(?:\/\/|\*|\/\*).*$/gm, "").matchAll(/"([^"\n]* [^"\n]*)"|`([^`\n]* [^`\n]*)`/g)]
    .map(([, quoted = "", template = ""]) => (quoted + template).replace(/\$\{[^}]*\}/g, ""))
    .join("\n");

const texts: readonly (readonly [name: string, text: string])[] = [
  ...["README.md", "overview.md", "CHANGELOG.md", "CONTRIBUTING.md"].map(
    (name) => [name, prose(textOf(name))] as const,
  ),
  ...[...filesIn("docs", /\.md$/), ...filesIn("samples", /\.md$/), ...filesIn("agent-image", /\.md$/)].map(
    (name) => [name, prose(textOf(name))] as const,
  ),
  ...[...filesIn("samples", /\.yml$/), ...filesIn("templates", /\.yml$/)].map((name) => [name, textOf(name)] as const),
  ["EphemeralAgentTask/task.json", prose(textOf("EphemeralAgentTask/task.json"))],
  ...[...filesIn("EphemeralAgentTask/src", /\.ts$/), ...filesIn("results-tab/src", /\.ts$/)].map(
    (name) => [name, literals(textOf(name))] as const,
  ),
  ...filesIn("scripts/demo", /\.ts$/).map((name) => [name, literals(textOf(name))] as const),
];

/** What is wrong with a text, piece by piece, with some words around it. */
const found = (text: string): string[] =>
  banned.flatMap(([pattern, instead]) =>
    [...text.matchAll(new RegExp(pattern, `${pattern.flags}g`))].map(
      ({ 0: word, index }) => `${word} (write: ${instead}): ${text.slice(Math.max(0, index - 30), index + 40).trim()}`,
    ),
  );

describe("What people read", () => {
  it("would be found with words that are not wanted", () => {
    assert.equal(found("The command mends it. The run was cancelled; see the set-up guide.").length, 3);
    assert.deepEqual(found(prose("Take `status` `cancelling`, and [this](set-up-guide.md).")), []);
    assert.equal(found(literals('const mended = "a colour for each";')).length, 1);
  });

  for (const [name, text] of texts) {
    it(`has the usual words and American spelling in ${name}`, () => assert.deepEqual(found(text), []));
  }
});
