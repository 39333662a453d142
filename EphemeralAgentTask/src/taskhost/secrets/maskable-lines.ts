// Decides which lines of a secret the agent can mask.

/**
 * Letters that a secret must have to become a mask. The agent hides every occurrence of a mask in the whole log, so a
 * shorter one would hide ordinary words. Its own switch for this, AZP_IGNORE_SECRETS_SHORTER_THAN, goes no further either.
 */
const shortest = 6;

/** A variable that nothing replaced is no secret, and the message about it names it. */
const macro = /^\$\([\w.-]+\)$/;

/** A mask is one line: the lines of a secret that are worth one. */
export const maskable = (secret: string): string[] =>
  secret
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line.length >= shortest && !line.startsWith("-----") && !macro.test(line));
