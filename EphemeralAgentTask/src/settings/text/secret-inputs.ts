// Which inputs are never shown in messages, and how an unresolved `$(variable)` is found in an input.
import { holdsSecret } from "./secret-text.ts";

/**
 * They are secret, or a mistake puts a secret into them: a certificate's key into a bundle, a line of a key into a list of
 * variables, a password into an address.
 */
export const secretInputs = [
  "azureDevOpsToken",
  "agentProxyPassword",
  "logAnalyticsWorkspaceKey",
  "secretEnvironmentVariables",
  "environmentVariables",
  "volumes",
  "agentCaBundle",
] as const;

export type SecretInput = (typeof secretInputs)[number];

const secrets = new Set<string>(secretInputs);

export const isSecret = (input: string): input is SecretInput => secrets.has(input);

/** A scheme, a host, a port and a plain path: nothing that could be a user, a password or a signature. */
const plainAddress = /^(?:[a-z][a-z\d+.-]*:\/\/)?[\w.-]+(?::\d{1,5})?(?:\/[\w./-]*)?$/i;

/** The id of a workspace. */
export const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const addresses = new Set(["agentProxyUrl", "azureDevOpsUrl"]);

/** Whether a piece of a value may be one of a secret. */
export const mayHoldSecret = (input: string): boolean => isSecret(input) || addresses.has(input);

/** What stands in an input instead of its secret neighbor is not quoted: the two are easily swapped. */
const besideSecret: Readonly<Record<string, RegExp>> = { logAnalyticsWorkspaceId: guid };

/** Whether a value of an input may be quoted. */
export function mayShow(input: string, value: string): boolean {
  if (isSecret(input)) return false;
  if (value === "") return true;
  const form = addresses.has(input) ? plainAddress : besideSecret[input];
  return (form?.test(value) ?? true) && !holdsSecret(value);
}

/** Longer ones help nobody, and would bury the other problems. */
const longest = 200;

/** A text without what would end or garble its line. */
export const oneLine = (text: string) => text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]/gu, " ");

/** A value as one short line. */
export function quoted(value: string): string {
  const shown = oneLine(value.slice(0, longest));
  return value.length > longest ? `${shown}… (${value.length} characters)` : shown;
}

/** The first `$(…)` that holds something, or undefined. One pass: a value may be long. */
export function macroIn(value: string): string | undefined {
  for (let from = value.indexOf("$("); from >= 0; from = value.indexOf("$(", from + 2)) {
    const to = value.indexOf(")", from);
    if (to < 0) return undefined;
    if (to > from + 2) return value.slice(from, to + 1);
  }
  return undefined;
}

const variable = /^\$\([A-Za-z_][\w.-]{0,127}\)$/;

/** A `$(name)` that is all of a value: the value of a line, or of a word of it. In a longer one it may be part of a password. */
export function wholeMacroIn(value: string): string | undefined {
  for (const line of value.split("\n")) {
    const ends = [line, ...line.split(/\s+/)].map((part) => part.slice(part.indexOf("=") + 1).trim());
    const whole = ends.find((end) => variable.test(end));
    if (whole !== undefined) return whole;
  }
  return undefined;
}
