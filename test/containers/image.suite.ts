import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { usualImages as images } from "../../simulator/containers/choose-engine.ts";
import { defaultOptions } from "../../simulator/devops/organization-options.ts";
import { cli, lab } from "./lab.ts";

const limits = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];
const inImage = (script: string): Promise<string> =>
  cli.run(["run", "--rm", "--network", "none", "--log-driver", "none", ...limits, images.baked, "bash", "-c", script]);

describe("the agent image", () => {
  it("says what it is, and runs its script", async () => {
    const [image] = JSON.parse(await cli.run(["image", "inspect", images.baked]));
    const { Labels, Cmd, User, Entrypoint, WorkingDir } = image.Config;
    assert.equal(Labels["org.opencontainers.image.version"], defaultOptions.agentVersion);
    for (const label of ["title", "description", "licenses"]) assert.ok(Labels[`org.opencontainers.image.${label}`]);
    assert.deepEqual(
      { Cmd, User: User ?? "", Entrypoint, WorkingDir },
      {
        Cmd: ["/bin/bash", "/azp/entrypoint.sh"],
        User: "",
        Entrypoint: undefined,
        WorkingDir: "/azp",
      },
    );
  });

  it("holds the scripts as they are in the repository, and nothing else of it", async () => {
    for (const name of ["entrypoint.sh", "standalone.sh"]) {
      const file = fileURLToPath(new URL(`../../agent-image/${name}`, import.meta.url));
      assert.equal(await inImage(`cat /azp/${name}`), readFileSync(file, "utf8").trim());
    }
    assert.equal(await inImage("ls -A /azp"), "agent\nentrypoint.sh\nstandalone.sh");
  });

  it("has the tools that jobs expect", async () => {
    const tools = ["git", "curl", "jq", "unzip", "tar", "setpriv"];
    assert.equal(
      await inImage(`for tool in ${tools.join(" ")}; do command -v $tool >/dev/null || echo $tool; done`),
      "",
    );
  });

  it("has an agent that belongs to its user, and scripts that do not", async () => {
    assert.equal(await inImage("stat -c '%U %a' /azp/agent /azp/agent/bin/Agent.Listener"), "agent 755\nagent 755");
    assert.equal(await inImage("stat -c '%U %a' /azp/entrypoint.sh /azp/standalone.sh"), "root 755\nroot 755");
    assert.equal(await inImage("find / -xdev -perm -4000 -path '/azp/*'"), "");
  });

  it("has neither secrets nor what is only of use to build it", async () => {
    const history = await cli.run(["history", "--no-trunc", "--format", "{{.CreatedBy}}", images.baked]);
    const [image] = JSON.parse(await cli.run(["image", "inspect", images.baked]));
    assert.doesNotMatch(history + image.Config.Env.join("\n"), /token|password|secret=/i);
    assert.equal(await inImage("ls -A /var/lib/apt/lists /tmp"), "/tmp:\n\n/var/lib/apt/lists:");
  });
});

describe("what the agent image costs", () => {
  const opened = lab();

  /** Milliseconds from the request for the group to the agent's session; Azure's own part is none here. */
  async function start(image: string, name: string): Promise<number> {
    const { simulator } = opened();
    const { ready, requests } = simulator;
    const from = requests.entries.length;
    const began = performance.now();
    await opened().put({
      name,
      image,
      subnetId: simulator.subnetId,
      environment: { AZP_URL: ready.organizationUrl, AZP_POOL: ready.pool, AZP_AGENT_NAME: name },
      secrets: { AZP_TOKEN: ready.pat },
    });
    const isSession = ({ method, url, status }: { method: string; url: string; status?: number }): boolean =>
      method === "POST" && url.endsWith("/sessions") && status === 200;
    await requests.answered(isSession, from);
    return performance.now() - began;
  }

  it("is printed: its size and how long a container takes to its agent's session", async () => {
    const { simulator } = opened();
    const megabytes = async (image: string) =>
      Number(await cli.run(["image", "inspect", "--format", "{{.Size}}", image])) / 1e6;
    const [baked, plain] = [await megabytes(images.baked), await megabytes(images.plain)];
    console.log(`    size: ${baked.toFixed(0)} MB, of which the base has ${plain.toFixed(0)} MB`);
    const { bakedImage, image } = simulator.ready;
    // The first start of all makes the network.
    await start(bakedImage, "warm-up");
    for (const [what, once] of [
      ["registered by the task, agent baked in", () => opened().startByTask(bakedImage)],
      ["registered by the task, agent downloaded", () => opened().startByTask(image)],
      ["registered by the container, agent baked in", (round: number) => start(bakedImage, `by-itself-${round}`)],
    ] as const) {
      const times: number[] = [];
      for (const round of [1, 2, 3]) times.push(await once(round));
      const [fastest = 0, median = 0] = times.sort((a, b) => a - b).map((ms) => ms / 1000);
      console.log(`    to the session, ${what}: ${median.toFixed(1)} s (fastest of three: ${fastest.toFixed(1)} s)`);
    }
  });
});
