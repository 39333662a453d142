import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { c as createArchive } from "tar";
import type {
  ContainerEngine,
  ContainerStart,
  RunningContainer,
} from "../../../../simulator/containers/container-engine.ts";
import { createProcessEngine } from "../../../../simulator/containers/processes/process-engine.ts";
import { createNetwork, type Network } from "../../../../simulator/network/virtual-network-gateway.ts";
import { alive } from "./running-processes.ts";
import { emptyDir, secret } from "./volumes.ts";

const virtualNetwork = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/vnet-shop";

describe("a container that is a process", () => {
  let folder: string;
  let network: Network;
  let engine: ContainerEngine;
  let output: string;
  let said: (pattern: RegExp) => Promise<RegExpExecArray>;
  let running: RunningContainer[];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "engine-test-"));
    network = await createNetwork(virtualNetwork);
    running = [];
    engine = createProcessEngine({
      folder: join(folder, "containers"),
      caFile: "/ca.pem",
      network,
      agentPackage: async () => ({ content: readFileSync(join(folder, "agent.tar.gz")) }),
    });
  });
  afterEach(async () => {
    await Promise.all(running.map((container) => container.kill()));
    await network.close();
    await rm(folder, { recursive: true });
  });

  async function start(script: string, changes: Partial<ContainerStart> = {}): Promise<RunningContainer> {
    output = "";
    const waiting = new Set<() => void>();
    said = (pattern) =>
      new Promise((resolve) => {
        const check = (): void => {
          const found = pattern.exec(output);
          if (found) resolve(found);
        };
        waiting.add(check);
        check();
      });
    const container = await engine.start({
      id: "group-1",
      image: {
        reference: "r/agent:1",
        pullable: "anonymous",
        agentBaked: false,
        environment: { EPHEMERAL_AGENT_ROOT: "/azp", COLOR: "blue" },
        command: ["/bin/bash", "-c", "echo of the image"],
      },
      command: ["/bin/bash", "-c", script],
      environment: {},
      volumes: [],
      subnetId: undefined,
      onOutput(text) {
        output += text;
        for (const check of waiting) check();
      },
      ...changes,
    });
    running.push(container);
    return container;
  }

  it("says what it writes and ends with its exit code", async () => {
    const container = await start("echo out; echo err >&2; exit 7");
    assert.deepEqual(await container.exited, { exitCode: 7 });
    assert.match(output, /out/);
    assert.match(output, /err/);
  });

  it("runs the image's own command when the group gives none", async () => {
    const container = await start("", { command: undefined });
    await container.exited;
    assert.equal(output, "of the image\n");
  });

  it("ends with 127 when its command does not exist", async () => {
    const container = await start("", { command: ["/no/such/program"] });
    assert.deepEqual(await container.exited, { exitCode: 127 });
    assert.match(output, /no\/such\/program/);
  });

  it("knows nothing of the simulator's own environment", async () => {
    process.env.ENGINE_TEST_LEAK = "leaked";
    process.env.HTTPS_PROXY_TEST = "leaked";
    try {
      const container = await start("env", { environment: { GIVEN: "as given" } });
      await container.exited;
      const names = output.split("\n").flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? []);
      const shells = ["PWD", "SHLVL", "_"];
      assert.deepEqual(names.filter((name) => !shells.includes(name)).sort(), [
        "COLOR",
        "CURL_CA_BUNDLE",
        "EPHEMERAL_AGENT_ROOT",
        "EPHEMERAL_AGENT_USER",
        "GIVEN",
        "HOME",
        "LANG",
        "NODE_EXTRA_CA_CERTS",
        "PATH",
        "SIM_NODE",
        "SSL_CERT_FILE",
        "TMPDIR",
      ]);
      assert.match(output, new RegExp(`^EPHEMERAL_AGENT_ROOT=${container.rootFolder}/azp$`, "m"));
      assert.match(output, /^COLOR=blue$/m);
    } finally {
      delete process.env.ENGINE_TEST_LEAK;
      delete process.env.HTTPS_PROXY_TEST;
    }
  });

  it("finds its secret files, read-only, where an argument that names their mount says", async () => {
    const container = await start("", {
      command: ["/bin/bash", "/mnt/secret/run.sh", "/mnt/secretive"],
      volumes: [secret({ "run.sh": 'cat "$(dirname "$0")/token"; echo; echo "$1"', token: "s3cret" })],
    });
    await container.exited;
    assert.equal(output, "s3cret\n/mnt/secretive\n");
    assert.equal(statSync(`${container.rootFolder}/mnt/secret/token`).mode & 0o777, 0o444);
  });

  it("keeps an emptyDir over a restart and nothing else", async () => {
    const volumes = [emptyDir, secret({ token: "t" })];
    const script = 'touch "$HOME/own"; echo -n x >> mnt/state/count; cat mnt/state/count; ls home';
    await (await start(`test -e home/own && echo stale; ${script}`, { volumes })).exited;
    await (await start(`test -e home/own && echo stale; ${script}`, { volumes })).exited;
    assert.match(output, /^xx/);
    assert.doesNotMatch(output, /stale/);
  });

  it("takes everything it started with it when it is killed, even what left its process group", async () => {
    const container = await start("setsid sleep 1000 & sleep 1000 & echo pids; wait");
    await said(/pids/);
    await container.kill();
    assert.deepEqual(await container.exited, { exitCode: 137 });
    assert.deepEqual(alive(container.rootFolder ?? ""), []);
  });

  it("takes everything it started with it when its first process ends", async () => {
    const container = await start("setsid sleep 1000 & exit 0");
    await container.exited;
    assert.deepEqual(alive(container.rootFolder ?? ""), []);
  });

  it("does not outlive a simulator that ends without stopping it", async () => {
    const script = join(folder, "forgetful.mts");
    const source = (path: string) =>
      JSON.stringify(fileURLToPath(new URL(`../../../../simulator/${path}`, import.meta.url)));
    await writeFile(
      script,
      `import { createProcessEngine } from ${source("containers/processes/process-engine.ts")};
       const engine = createProcessEngine({ folder: ${JSON.stringify(folder)}, caFile: "", network: undefined });
       const image = { reference: "i", pullable: "anonymous", agentBaked: false, environment: {} };
       const command = ["/bin/bash", "-c", "echo up; sleep 1000"];
       const onOutput = () => process.exit(0);
       await engine.start({ id: "c", image, command, environment: {}, volumes: [], subnetId: undefined, onOutput });`,
    );
    await promisify(execFile)(process.execPath, ["--import", "tsx", script]);
    // Killed, they are there until the machine has come to end them.
    while (alive(join(folder, "c")).length > 0) await setImmediate();
  });

  it("finds the baked agent in an image that has it", async () => {
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "bin", "Agent.Listener"), "listener");
    await createArchive({ gzip: true, file: join(folder, "agent.tar.gz"), cwd: folder }, ["bin"]);
    const image = { reference: "r/a:baked", pullable: "anonymous", agentBaked: true, environment: {} } as const;
    const container = await start("cat azp/agent/bin/Agent.Listener", { image });
    await container.exited;
    assert.equal(output, "listener");
  });

  it("does not run the agent as a user of this machine who has the name of the image's", async () => {
    // Stands for such a user: whoever looks for `agent` finds `nobody`.
    const programs = join(folder, "programs");
    await mkdir(programs);
    for (const name of ["id", "setpriv"]) {
      const real = await promisify(execFile)("bash", ["-c", `type -P ${name}`]);
      const text = `#!/bin/bash\nfor one; do if [ "$one" = agent ]; then set -- "$@" nobody; else set -- "$@" "$one"; fi; shift; done\nexec ${real.stdout.trim()} "$@"\n`;
      await writeFile(join(programs, name), text, { mode: 0o755 });
    }
    await mkdir(join(folder, "bin"));
    const listener = "#!/bin/bash\nid -un; touch made && echo written\n";
    await writeFile(join(folder, "bin", "Agent.Listener"), listener, { mode: 0o755 });
    await createArchive({ gzip: true, file: join(folder, "agent.tar.gz"), cwd: folder }, ["bin"]);
    const files = Object.fromEntries(
      ["agent.json", "credentials.json", "rsaparams.json", "start.env"].map((name) => [name, Buffer.from("")]),
    );
    const script = readFileSync(new URL("../../../../agent-image/entrypoint.sh", import.meta.url));
    const container = await start("", {
      command: ["/bin/bash", "/mnt/start/entrypoint.sh"],
      environment: { PATH: `${programs}:/usr/bin:/bin` },
      volumes: [
        { mountPath: "/mnt/start", readOnly: true, kind: "secret", files: { ...files, "entrypoint.sh": script } },
      ],
      image: {
        reference: "r/agent:1",
        pullable: "anonymous",
        agentBaked: true,
        environment: { EPHEMERAL_AGENT_ROOT: "/azp", EPHEMERAL_STATE: "/tmp/state" },
      },
    });
    await container.exited;
    assert.match(output, /Starting the listener.*\n(?!nobody).*\nwritten/, output);
  });

  it("reaches the private resource from its subnet's network only", async () => {
    const { url } = network.privateResource;
    const inside = await start(`curl -sS ${url}`, { subnetId: `${virtualNetwork}/subnets/snet-agents` });
    await inside.exited;
    assert.match(output, /answers snet-agents/);
    const outside = await start(`curl -sS ${url}`, { id: "group-2" });
    await outside.exited;
    assert.match(output, /Could not resolve host/);
  });

  it("leaves nothing of a group that is forgotten", async () => {
    const container = await start("echo hello > file", { volumes: [emptyDir] });
    await container.exited;
    assert.ok(existsSync(container.rootFolder ?? ""));
    await engine.forget("group-1");
    assert.ok(!existsSync(container.rootFolder ?? ""));
  });
});
