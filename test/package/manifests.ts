// The manifests as they stand in the repository.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "../../scripts/build/bundle.ts";
import type { TaskManifest } from "../../scripts/build/task-manifest.ts";

export const textOf = (path: string) => readFileSync(join(repository, path), "utf8");

export const taskManifest: TaskManifest = JSON.parse(textOf("EphemeralAgentTask/task.json"));

interface ExtensionManifest {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly scopes: readonly string[];
  readonly screenshots: readonly { readonly path: string }[];
  readonly icons: Readonly<Record<string, string>>;
  readonly contributions: readonly { readonly id: string; readonly properties: { readonly name: string } }[];
}

export const extensionManifest: ExtensionManifest = JSON.parse(textOf("vss-extension.json"));
