// Remembers every secret that this process masked, so that files it writes contain none of them.
import type { ContainerHost } from "../../ports.ts";
import { withoutSecrets } from "../../report/attachment-content.ts";

const known = new Set<string>();

/** Remembers a secret. Returns it. */
export function remember(secret: string): string {
  known.add(secret);
  return secret;
}

/** All of them, in no order. */
export const knownSecrets = (): Iterable<string> => known;

/** A text without any of them. */
export const withoutKnownSecrets = (text: string): string => withoutSecrets(text, known);

/**
 * A host whose logs come without any of them. Whoever quotes a log cuts it, and of a secret across a cut a piece would be
 * left that no mask matches.
 */
export const withoutSecretsInLogs = (host: ContainerHost): ContainerHost => ({
  ...host,
  log: async (...asked) => withoutKnownSecrets(await host.log(...asked)),
});
