// Ways that are commands: the script of the Azure CLI, and whatever is to be compared with.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { SimRequest } from "../../simulator/http/https-site.ts";
import type { ReadyFile } from "../../simulator/ready-file.ts";
import { stepIn } from "../../test/task/harness/in-simulator.ts";
import { azureCliEnvironment, signIn } from "../sim-shell/azure-cli.ts";
import type { Told, Way } from "./round.ts";
import { nextJob } from "./task-contestants.ts";

/** Seconds in which a round must be over. */
const limit = 300;

const script = fileURLToPath(new URL("azure-cli.sh", import.meta.url));

/** What a command finds in its environment. */
function placeOf(ready: ReadyFile): Record<string, string> {
  return {
    ORGANIZATION_URL: ready.organizationUrl,
    POOL: ready.pool,
    RESOURCE_GROUP: ready.resourceGroup,
    LOCATION: ready.location,
    SUBNET_ID: ready.subnetId,
    // It registers an agent by itself when AZP_URL, AZP_POOL, AZP_AGENT_NAME and AZP_TOKEN tell it which.
    IMAGE: ready.bakedImage,
  };
}

/** The agent in the container sends no user agent, and its start script that of curl. */
const isFromCommand = ({ headers }: SimRequest): boolean => !/^(curl\/|$)/.test(headers["user-agent"] ?? "");

/** "0m1.234s" in milliseconds. */
function milliseconds(time: string): number {
  const [, minutes = "0", seconds = "0"] = /^(\d+)m([\d.]+)s$/.exec(time) ?? [];
  return (Number(minutes) * 60 + Number(seconds)) * 1000;
}

/** Runs a command in a shell, which tells at its end what all of it took. */
function runShell(command: string, environment: Readonly<Record<string, string>>) {
  const child = spawn("timeout", [String(limit), "bash", "-c", `( ${command} ); code=$?; times >&3; exit $code`], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  let [online, said, times] = [0, "", ""];
  const { stdout, stderr, stdio } = child;
  for (const stream of [stdout, stderr]) {
    if (stream === null) throw new Error("The shell has no output.");
    createInterface({ input: stream }).on("line", (line) => {
      if (/\bonline\b/i.test(line)) online ||= Date.now();
      said += `${line}\n`;
    });
  }
  stdio[3]?.on("data", (chunk) => {
    times += String(chunk);
  });
  return new Promise<Pick<Told, "onlineAt" | "endedAt" | "cpu">>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => {
      // The shell's own times come first, those of what it ran second.
      const [user = "", system = ""] = times.trim().split("\n").at(-1)?.split(" ") ?? [];
      if (code !== 0) reject(new Error(`'${command}' ended with ${code}:\n${said}`));
      else if (online === 0) reject(new Error(`'${command}' printed no line with 'online' in it:\n${said}`));
      else resolve({ onlineAt: online, endedAt: Date.now(), cpu: milliseconds(user) + milliseconds(system) });
    });
  });
}

/**
 * @param command must print a line with "online" when its agent is there, and end when the job on it is over and all is removed
 * @param needsAzureCli the Azure CLI is signed in before the first round
 */
export function commandWay(name: string, command: string, needsAzureCli = false): Way {
  const folder = mkdtempSync(join(tmpdir(), "bench-az-"));
  let signedInTo: ReadyFile | undefined;
  return {
    name,
    close: () => rmSync(folder, { recursive: true, force: true }),
    async prepare({ ready }) {
      if (!needsAzureCli || signedInTo === ready) return;
      rmSync(folder, { recursive: true, force: true });
      await signIn(ready, azureCliEnvironment(ready, folder));
      signedInTo = ready;
    },
    async serve(simulator, jobEnded) {
      const { ready, faults } = simulator;
      const environment = { ...azureCliEnvironment(ready, folder), ...placeOf(ready) };
      let requests = 0;
      const count = (request: SimRequest) => {
        if (isFromCommand(request)) requests++;
        return undefined;
      };
      const counting = faults.add({ effect: { call: count } });
      try {
        const working = runShell(command, environment);
        const { outcome } = stepIn(simulator, {}).queueJob(nextJob(), []);
        void outcome.then(() => jobEnded(Date.now()));
        return { ...(await working), requests };
      } finally {
        counting.remove();
      }
    },
  };
}

/**
 * The script of the Azure CLI. It does not wait for `az container create`, which looks only every 30 seconds: an agent that
 * registers itself may have served its job, and be gone, before that.
 */
export const azureCliWays = (): Way[] => [commandWay("Azure CLI script", `CREATE_OPTIONS=--no-wait '${script}'`, true)];
