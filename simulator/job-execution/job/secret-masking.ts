// Masks secrets in logs.
import type { JobMessage } from "./job-message.ts";

/** Endpoint parameters that are not secret; every other one is masked (the agent lists the exceptions, not the secrets). */
const PUBLIC_PARAMETERS = new Set([
  "role",
  "scope",
  "tenantid",
  "issuedat",
  "expiresat",
  "audience",
  "authenticationtype",
  "authorizationtype",
  "accesstokentype",
  "accesstokenfetchingmethod",
]);

/** Replaces every known secret by `***` in whatever is reported. */
export class SecretMasker {
  readonly #values = new Set<string>();

  /** Masks a value from now on, also as it looks escaped for JSON, for a URL and for a logging command. */
  add(secret: string): void {
    if (secret.trim() === "") return;
    const quoted = /^(["'`])(.*)\1$/s.exec(secret);
    for (const value of [secret, secret.trim(), ...(quoted?.[2] ? [quoted[2]] : []), ...secret.split(/\r?\n/)]) {
      if (value.trim() === "") continue;
      this.#values.add(value);
      this.#values.add(JSON.stringify(value).slice(1, -1));
      this.#values.add(encodeURIComponent(value));
      this.#values.add(value.replaceAll("%", "%AZP25").replaceAll("\r", "%0D").replaceAll("\n", "%0A"));
    }
    this.#values.add(Buffer.from(secret).toString("base64"));
  }

  /** The text with secrets replaced; overlapping secrets become one mask. */
  mask(text: string): string {
    const ranges: [start: number, end: number][] = [];
    for (const value of this.#values)
      for (let at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + 1))
        ranges.push([at, at + value.length]);
    if (ranges.length === 0) return text;
    ranges.sort((a, b) => a[0] - b[0] || b[1] - a[1]);
    let masked = "";
    let done = 0;
    for (const [start, end] of ranges) {
      if (start >= done) masked += `${text.slice(done, start)}***`;
      done = Math.max(done, end);
    }
    return masked + text.slice(done);
  }
}

/** A masker that knows what a job message says is secret: secret variables and the endpoints' parameters. */
export function maskerOf(message: Pick<JobMessage, "variables" | "resources" | "mask">): SecretMasker {
  const masker = new SecretMasker();
  for (const { value, isSecret } of Object.values(message.variables)) if (isSecret) masker.add(value);
  for (const endpoint of message.resources.endpoints)
    for (const [key, value] of Object.entries(endpoint.authorization.parameters))
      if (!PUBLIC_PARAMETERS.has(key.toLowerCase())) masker.add(value);
  // Each is a regular expression; the service escapes a value that it wants masked as it is.
  for (const { value } of message.mask ?? []) masker.add(value.replace(/\\(.)/g, "$1"));
  return masker;
}
