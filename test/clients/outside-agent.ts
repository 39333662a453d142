// The listener from outside as an agent package, laid out as the agent is, and the services at their own pace for it.
import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { c } from "tar";
import { outsideListener } from "../../scripts/test/foreign-clients.ts";
import { defaultOptions, type OrganizationOptions, realTimes } from "../../simulator/devops/organization-options.ts";
import type { AgentPackage } from "../../simulator/devops/pools/agent-packages.ts";

let packed: Promise<AgentPackage> | undefined;

async function pack(): Promise<AgentPackage> {
  const folder = await mkdtemp(join(tmpdir(), "outside-agent-"));
  try {
    const bin = join(folder, "agent", "bin");
    await mkdir(bin, { recursive: true });
    // By the name of its process somebody outside tells that a job is running.
    for (const name of ["Agent.Listener", "Agent.Worker"]) {
      await copyFile(outsideListener, join(bin, name));
      await chmod(join(bin, name), 0o755);
    }
    await writeFile(join(bin, "version"), defaultOptions.agentVersion);
    const file = join(folder, "agent.tar.gz");
    await c({ gzip: { level: 1 }, file, cwd: join(folder, "agent"), portable: true }, ["."]);
    const content = await readFile(file);
    return { content, hashValue: createHash("sha256").update(content).digest("hex") };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** An organization that offers this agent, and has the patience of the service: it knows no shorter pauses. */
export const outsideAgent: Partial<OrganizationOptions> = {
  ...realTimes,
  agentPackage: () => {
    packed ??= pack();
    return packed;
  },
};
