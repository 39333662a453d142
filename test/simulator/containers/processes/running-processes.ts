// Processes of this machine that belong to a container.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

export function alive(rootFolder: string): string[] {
  assert.notEqual(rootFolder, "");
  return readdirSync("/proc").filter((entry) => {
    try {
      return readFileSync(`/proc/${entry}/environ`, "latin1").includes(`${rootFolder}/`);
    } catch {
      return false;
    }
  });
}
