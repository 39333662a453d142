// Updates the stand-in agent to another version when the organization asks for it.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { copyFile, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { arch } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { messageOf } from "../client/organization-client.ts";
import type { Install } from "../configuration/agent-files.ts";
import type { QueueConnection } from "./message-polling.ts";

interface PackageMetadata {
  readonly downloadUrl: string;
  readonly hashValue: string;
}

/** Brings the agent to another version. @returns false when it has that version, or could not get it. */
export async function selfUpdate(connection: QueueConnection, targetVersion: string): Promise<boolean> {
  const { server, install, settings, trace } = connection;
  if (install.version === targetVersion) return false;
  const platform = `linux-${arch()}`;
  try {
    const wanted = { packageType: "agent", platform, version: targetVersion };
    const { downloadUrl, hashValue } = (await server.call("GET", "packages", wanted)) as PackageMetadata;
    const response = await fetch(downloadUrl);
    if (!response.ok) throw new Error(`The package's download was answered ${response.status}.`);
    const content = Buffer.from(await response.arrayBuffer());
    const hash = createHash("sha256").update(content).digest("hex");
    if (hash !== hashValue.toLowerCase()) throw new Error("The package's hash is not the one it should have.");
    await unpack(install, join(install.root, settings.workFolder, "_update"), content);
    return true;
  } catch (error) {
    trace(`The update failed: ${messageOf(error)}`);
    return false;
  }
}

async function unpack(install: Install, folder: string, content: Buffer): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "agent.tar.gz"), content);
  await promisify(execFile)("tar", ["-xzf", "agent.tar.gz"], { cwd: folder });
  for (const name of ["version", "agent.mjs", "Agent.Worker.mjs"]) {
    await rename(join(folder, "bin", name), join(install.bin, name));
  }
  await exchangeListener(install, join(folder, "bin", "Agent.Listener"));
}

/** Puts a new file in the listener's place: who waits for an update waits for that. */
export async function exchangeListener({ bin }: Install, from = join(bin, "Agent.Listener")): Promise<void> {
  const next = join(bin, "Agent.Listener.next");
  await copyFile(from, next);
  await rename(next, join(bin, "Agent.Listener"));
}
