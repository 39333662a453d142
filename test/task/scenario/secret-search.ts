// Looks for secrets in places they must not be in, in every form they travel in.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const base64 = (text: string): string => Buffer.from(text).toString("base64").replace(/=+$/, "");

/** A secret by its name. */
export type Secrets = Readonly<Record<string, string>>;

/** The names of those secrets whose text is in it: plain, as base64, as basic authentication, in a URL or in JSON. */
export function tracesIn(text: string | Buffer, secrets: Secrets): string[] {
  const searched = typeof text === "string" ? text : text.toString("latin1");
  return Object.entries(secrets)
    .filter(([, secret]) =>
      [
        secret,
        base64(secret),
        base64(`:${secret}`),
        encodeURIComponent(secret),
        JSON.stringify(secret).slice(1, -1),
      ].some((form) => searched.includes(form)),
    )
    .map(([name]) => name);
}

/** Every file below a folder, whole. */
export function filesBelow(folder: string): { readonly path: string; readonly content: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path, content: readFileSync(path) }));
}

/** Command line and environment of every process that was started in a container's root folder. */
export function processesIn(rootFolder: string): { readonly command: string; readonly environment: string }[] {
  const pids = process.platform === "linux" ? readdirSync("/proc").filter((name) => /^\d+$/.test(name)) : [];
  const read = (pid: string, what: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${what}`, "latin1").replaceAll("\0", "\n");
    } catch {
      return ""; // It ended meanwhile, or belongs to somebody else.
    }
  };
  return pids
    .map((pid) => ({ command: read(pid, "cmdline"), environment: read(pid, "environ") }))
    .filter(({ environment }) => environment.includes(`${rootFolder}/`));
}
