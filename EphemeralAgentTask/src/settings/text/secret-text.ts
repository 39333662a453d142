// Recognizes a secret in the text of an input that is for none. What is taken for one is not quoted; that is all it costs.

/** How a private key or a certificate in text begins. */
const keyBegins = "-----BEGIN ";

/** Letters of every alphabet in which keys and tokens are written. */
const runs = /[A-Za-z0-9+/_-]+/g;

/** Characters that a run has at least: the shortest of the usual tokens, GitHub's, has as many. */
const shortestRun = 40;

const guid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi;

/** Older personal access tokens of Azure DevOps: 52 characters of base32. */
const oldToken = /^[a-z2-7]{52}$/;

/** A word of a name: letters and then a number, or very short. In text that is encoded, digits stand anywhere. */
function isWord(text: string): boolean {
  const humps = text.match(/[a-z][A-Z]/g)?.length ?? 0;
  return text.length <= 6 || (/^[A-Za-z]{1,24}\d{0,6}$/.test(text) && humps <= 3);
}

/** Whether a run is a key rather than names with `/`, `-` and `_` between them, as in the id of a resource. */
function isKey(run: string): boolean {
  if (run.length < shortestRun) return false;
  if (oldToken.test(run)) return /\d/.test(run);
  if (![/[A-Z]/, /[a-z]/, /\d/].every((letters) => letters.test(run))) return false;
  return !run
    .replaceAll(guid, "")
    .split(/[/_-]/)
    .every((piece) => isWord(piece));
}

/** The keys and tokens in a text, as far as they look like some. */
export const keysIn = (text: string): string[] => (text.match(runs) ?? []).filter(isKey);

/** A user and a password before a host. The digest of an image is neither. */
function hasLogin(line: string): boolean {
  const text = line.replaceAll(/@sha\d+:/g, "/");
  return text.slice(0, Math.max(0, text.lastIndexOf("@"))).includes(":");
}

/** A key or a certificate as a file has it. */
export const holdsKey = (text: string): boolean => text.includes(keyBegins);

/** Whether somebody's secret got into a text, whatever the input is for. */
export const holdsSecret = (text: string): boolean =>
  holdsKey(text) || text.split(/\r?\n/).some(hasLogin) || keysIn(text).length > 0;
