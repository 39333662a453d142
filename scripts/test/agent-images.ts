// Images of this machine for the simulator's real containers: a base without an agent, and on it the one that
// agent-image/Dockerfile makes, with the simulator's stand-in agent in place of the real one.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { usualImages } from "../../simulator/containers/choose-engine.ts";
import { ContainerCli, type EngineName, runCommand } from "../../simulator/containers/podman/engine-command.ts";
import { defaultOptions } from "../../simulator/devops/organization-options.ts";
import { buildAgentPackage } from "../../simulator/stand-in-agent/build-package.ts";
import { repository } from "../build/bundle.ts";

const debian = "localhost/debian:bookworm";
const packages = "bash,ca-certificates,curl,git,jq,tar,unzip";

/** Whether both images are there. */
export async function haveAgentImages(name: EngineName): Promise<boolean> {
  const cli = new ContainerCli(name);
  const found = await Promise.all([usualImages.baked, usualImages.plain].map((image) => exists(cli, image)));
  return found.every(Boolean);
}

/**
 * Makes what is missing or out of date. The base is `SIM_BASE_IMAGE`, or a small Debian made here.
 * @throws when a step fails; what there was is there still.
 */
export async function makeAgentImages(say: (line: string) => void): Promise<void> {
  const cli = new ContainerCli("podman");
  const base = process.env.SIM_BASE_IMAGE ?? (await debianBase(cli, say));
  await cli.run(["tag", base, usualImages.plain]);
  const { agentVersion: version, agentTimeScale: timeScale } = defaultOptions;
  const { content, hashValue } = await buildAgentPackage({ version, timeScale, withNode: true });
  const folder = mkdtempSync(join(tmpdir(), "agent-image-"));
  try {
    writeFileSync(join(folder, "agent.tar.gz"), content);
    say(`Building ${usualImages.baked} on ${base}.`);
    const values = {
      BASE_IMAGE: base,
      INSTALL_AZURE_CLI: "false",
      AGENT_VERSION: version,
      AGENT_SHA256: hashValue,
      AGENT_PACKAGE_URL: "file:///package/agent.tar.gz",
    };
    const given = Object.entries(values).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]);
    // Without a runtime of its own, and with limits that small machines can give.
    const way = ["--isolation", "chroot", "--ulimit", "nofile=1024:1024", "--network", "host", "--layers"];
    const volume = ["--volume", `${folder}:/package:ro`];
    const context = join(repository, "agent-image");
    await cli.run(["build", ...way, ...volume, ...given, "--tag", usualImages.baked, context]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function debianBase(cli: ContainerCli, say: (line: string) => void): Promise<string> {
  if (await exists(cli, debian)) return debian;
  say(`Making ${debian} with debootstrap, once.`);
  const folder = mkdtempSync(join(tmpdir(), "debian-"));
  try {
    const root = join(folder, "root");
    await runCommand("debootstrap", ["--variant=minbase", `--include=${packages}`, "bookworm", root]);
    await runCommand("tar", ["-C", root, "-cf", join(folder, "root.tar"), "."]);
    await cli.run(["import", join(folder, "root.tar"), debian]);
    return debian;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const exists = async (cli: ContainerCli, image: string): Promise<boolean> =>
  (await cli.attempt(["image", "inspect", "--format", "{{.Id}}", image])) !== undefined;
