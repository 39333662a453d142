// Imported before task-lib, which prints every input that it reads as a debug line. What may hold secrets is taken out of
// the environment here, so that task-lib never has it; and what was typed in instead of a secret variable becomes a mask.
import { blocksOf, linesOf } from "../../settings/text/multiline-input.ts";
import { isSecret, mayShow, secretInputs } from "../../settings/text/secret-inputs.ts";
import { holdsKey, holdsSecret, keysIn } from "../../settings/text/secret-text.ts";
import { remember } from "../secrets/known-secrets.ts";
import { maskable } from "../secrets/maskable-lines.ts";

const addresses = ["agentProxyUrl", "azureDevOpsUrl"];

/** By the names of their variables. */
const taken = new Map<string, string>();

const variableOf = (input: string) => `INPUT_${input.toUpperCase()}`;

/** The value of an input that was taken out; undefined for any other. */
export const takenInput = (input: string): string | undefined => taken.get(variableOf(input));

/** True when task-lib has no such input any more. */
export const isTaken = (input: string): boolean => isSecret(input) || taken.has(variableOf(input));

/** A line of a key whose last characters look like `name=value`. */
const encoded = /^[A-Za-z0-9+/]{20,}={1,2}$/;

/** The secrets among `NAME=value` lines, a line of a value whose form was missed included. */
function ofVariables(value: string): string[] {
  return [
    ...blocksOf(value).map((pair) => pair.value),
    ...linesOf(value).flatMap(({ text }) => (encoded.test(text) ? [text] : [])),
  ];
}

/** The user and the password of an address. */
function ofAddress(value: string): string[] {
  const login = value.slice(value.indexOf("//") + 2, Math.max(0, value.lastIndexOf("@")));
  return [login, login.slice(login.indexOf(":") + 1)];
}

/** What of an input is secret. Most of a volume's line is not: its path is in every other line of a log. */
function secretsIn(input: string, value: string): string[] {
  switch (input) {
    case "secretEnvironmentVariables":
      return ofVariables(value);
    case "volumes":
      return value.split(/\s+/).flatMap((word) => (word.startsWith("key=") ? [word.slice(4)] : []));
    case "environmentVariables":
      return [];
    case "agentCaBundle":
      return value.includes("PRIVATE KEY-----") ? [value] : [];
    case "agentProxyUrl":
    case "azureDevOpsUrl":
      return ofAddress(value);
    default:
      return [value];
  }
}

function take(variable: string, value: string, secrets: readonly string[]): void {
  taken.set(variable, value);
  delete process.env[variable];
  for (const secret of new Set(secrets.flatMap(maskable)))
    process.stdout.write(`##vso[task.setsecret]${remember(secret).replaceAll("%", "%AZP25")}\n`);
}

for (const input of [...secretInputs, ...addresses]) {
  const value = process.env[variableOf(input)] ?? "";
  if (!mayShow(input, value.trim())) take(variableOf(input), value, secretsIn(input, value));
}

/** The secrets in an input that is for none. */
const strayIn = (value: string): string[] =>
  holdsKey(value) ? [value] : [...keysIn(value), ...(value.includes("://") ? ofAddress(value) : [])];

for (const [variable, value = ""] of Object.entries(process.env)) {
  if (variable.startsWith("INPUT_") && holdsSecret(value)) take(variable, value, strayIn(value));
}
