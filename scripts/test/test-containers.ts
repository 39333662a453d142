// npm run test:containers: the agent image and the simulator's containers with podman. Makes the images it needs first.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usualImages } from "../../simulator/containers/choose-engine.ts";
import { whyNotUsable } from "../../simulator/containers/podman/detect-engine.ts";
import { ContainerCli } from "../../simulator/containers/podman/engine-command.ts";
import { nonRootImage } from "../../test/containers/lab.ts";
import { repository } from "../build/bundle.ts";
import { makeAgentImages } from "./agent-images.ts";

const needs = "apt-get install podman runc buildah debootstrap containernetworking-plugins iptables shellcheck";

/** The image as somebody makes it whose containers must not start as root. */
async function makeNonRootImage(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "non-root-"));
  try {
    writeFileSync(join(folder, "Dockerfile"), `FROM ${usualImages.baked}\nUSER agent\n`);
    await new ContainerCli("podman").run(["build", "--isolation", "chroot", "--tag", nonRootImage, folder]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function main(): Promise<number> {
  const why = await whyNotUsable("podman");
  if (why !== undefined) throw new Error(`${why}\nThe container tests need podman, as root. On Debian: ${needs}`);
  await makeAgentImages(console.log);
  await makeNonRootImage();
  const mocha = join(repository, "node_modules/.bin/mocha");
  const suites = process.argv.slice(2);
  const specs = suites.length > 0 ? suites : ["test/containers/**/*.suite.ts"];
  const { status } = spawnSync(mocha, specs, { cwd: repository, stdio: "inherit" });
  return status ?? 1;
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
