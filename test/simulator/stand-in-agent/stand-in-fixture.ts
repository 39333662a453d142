// The stand-in agent, unpacked for a test.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { x } from "tar";
import type { JobStep } from "../../../simulator/job-execution/job/job-message.ts";
import { HandAgent, type Registration } from "../devops/fixture/manual-agent.ts";
import type { Stand } from "../devops/fixture/organization-fixture.ts";

/** The stand-in agent, downloaded and unpacked as a container would do it. */
export class StandIn {
  readonly stand: Stand;
  readonly folder: string;
  readonly #agent: HandAgent | undefined;
  #listener: ChildProcess | undefined;
  output = "";

  private constructor(stand: Stand, agent: HandAgent | undefined, folder: string) {
    this.stand = stand;
    this.#agent = agent;
    this.folder = folder;
  }

  /** Registers as the task does, downloads the package and writes the three files. */
  static async configured(stand: Stand, registration: Registration = {}): Promise<StandIn> {
    const agent = await HandAgent.register(stand, registration);
    const standIn = await StandIn.unpacked(stand, agent);
    standIn.write(".agent", {
      acceptTeeEula: true,
      agentId: agent.id,
      agentName: agent.name,
      poolId: 1,
      poolName: stand.poolName,
      serverUrl: stand.organization.url,
      workFolder: "_work",
    });
    const { clientId, authorizationUrl } = agent;
    standIn.write(".credentials", {
      scheme: "OAuth",
      data: { clientId, authorizationUrl, oauthEndpointUrl: authorizationUrl },
    });
    standIn.write(".credentials_rsaparams", agent.key.rsaParameters);
    return standIn;
  }

  /** Downloads and unpacks the package, and does no more. */
  static async unpacked(stand: Stand, agent?: HandAgent): Promise<StandIn> {
    const folder = mkdtempSync(join(tmpdir(), "stand-in-"));
    const path = "_apis/distributedtask/packages/agent/linux-x64?$top=1";
    const { json } = await stand.call("GET", path);
    const [{ downloadUrl }] = json.value as [{ downloadUrl: string }];
    const { bytes } = await stand.call("GET", downloadUrl, { token: undefined });
    await pipeline(Readable.from([bytes]), x({ cwd: folder }));
    return new StandIn(stand, agent, folder);
  }

  /** The record that was made by hand. */
  get agent(): HandAgent {
    if (this.#agent === undefined) throw new Error("This agent was not registered by hand.");
    return this.#agent;
  }

  write(name: string, content: object, mark = ""): void {
    writeFileSync(join(this.folder, name), mark + JSON.stringify(content, undefined, 2));
  }

  /** Starts it in a process group of its own. Resolves with its exit code. */
  run(
    environment: Readonly<Record<string, string>> = {},
    command = ["bin/Agent.Listener", "run", "--once"],
  ): Promise<number> {
    const [file = "", ...args] = command;
    const { PATH = "" } = process.env;
    const listener = spawn(join(this.folder, file), args, {
      cwd: this.folder,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: { PATH, NODE_EXTRA_CA_CERTS: this.stand.sites.caFile, SIM_NODE: process.execPath, ...environment },
    });
    this.#listener = listener;
    for (const stream of [listener.stdout, listener.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.output += text;
      });
    }
    return new Promise((resolve, reject) => {
      listener.once("error", reject);
      listener.once("close", (code, signal) => resolve(code ?? (signal === "SIGKILL" ? 137 : 143)));
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#listener?.kill(name);
  }

  /** Ends the process that was started last, even when another has been started since. */
  stopper(): () => void {
    const listener = this.#listener;
    return () => void listener?.kill("SIGTERM");
  }

  /** Waits until it has a session. */
  async online(): Promise<void> {
    await this.stand.sites.requests.answered(
      ({ method, url, status }) => method === "POST" && url.endsWith("/sessions") && status === 200,
    );
  }

  /** Names of the log files that there are. */
  logs(folder = join(this.folder, "_diag")): string[] {
    mkdirSync(folder, { recursive: true });
    return readdirSync(folder).sort();
  }

  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  writeText(name: string, content: string): void {
    writeFileSync(join(this.folder, name), content);
  }

  inode(name: string): number {
    return statSync(join(this.folder, name)).ino;
  }

  remove(): void {
    const { pid } = this.#listener ?? {};
    try {
      if (pid !== undefined) process.kill(-pid, "SIGKILL");
    } catch {
      // All of the group has ended by itself.
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A `bash:` step. */
export function bashStep(script: string, refName = "step"): JobStep {
  return {
    id: crypto.randomUUID(),
    name: refName,
    displayName: "Bash",
    condition: "succeeded()",
    enabled: true,
    continueOnError: false,
    timeoutInMinutes: 0,
    retryCountOnTaskFailure: 0,
    environment: {},
    type: "task",
    reference: { id: "6c731c3c-3c68-459a-a5c9-bde6e6595b5b", name: "Bash", version: "3.250.1" },
    inputs: { targetType: "inline", script },
  };
}
