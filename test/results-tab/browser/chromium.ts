import { existsSync } from "node:fs";

/** Where Debian and its relatives put the browser. */
const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** @throws Error that says how to get one, when this machine has none */
export function chromiumPath(): string {
  const found = [process.env.CHROMIUM_PATH ?? "", ...usual].find((path) => path !== "" && existsSync(path));
  if (found !== undefined) return found;
  throw new Error("These tests need Chromium: on Debian, apt-get install chromium; elsewhere, set CHROMIUM_PATH.");
}
