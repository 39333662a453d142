// Finds a browser on this machine.
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where Debian and its relatives put the browser. */
const usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** For a machine of tests: no sandbox of its own, no screen, no request of the browser's own. */
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * @param more flags of the browser
 * @throws Error that says how to get one, when this machine has none
 */
export async function openChromium(...more: string[]): Promise<Browser> {
  const executablePath = [process.env.CHROMIUM_PATH ?? "", ...usual].find((path) => path !== "" && existsSync(path));
  if (executablePath === undefined)
    throw new Error("These tests need Chromium: on Debian, apt-get install chromium; elsewhere, set CHROMIUM_PATH.");
  return chromium.launch({ executablePath, args: [...quiet, ...more] });
}
