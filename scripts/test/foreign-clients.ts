// Programs in other languages that the simulator is tested with, and what they are made of.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { repository } from "../build/bundle.ts";

const sources = join(repository, "test/clients");
const tools = join(repository, ".tools/clients");

/** The Go program that calls the Go clients. */
export const goClients = join(tools, "go-clients");
/** The listener that is an agent of its own. */
export const outsideListener = join(tools, "Agent.Listener");
/** The Python with the Python clients in it. */
export const python = join(tools, "python/bin/python");
/** What that Python runs. */
export const pythonClients = join(sources, "python/main.py");

function run(command: string, args: readonly string[], cwd: string, environment: NodeJS.ProcessEnv = {}): void {
  const { status, error } = spawnSync(command, args, {
    cwd,
    stdio: "inherit",
    env: { ...process.env, ...environment },
  });
  if (error !== undefined || status !== 0) throw new Error(`${command} ${args[0] ?? ""} failed in ${cwd}.`);
}

function demand(command: string, args: readonly string[], hint: string): void {
  const { status } = spawnSync(command, args, { stdio: "ignore" });
  if (status !== 0) throw new Error(`${command} is not there. ${hint}`);
}

/** Go keeps what it has built, so that only the first time takes long. */
function buildGo(): void {
  run("go", ["build", "-buildvcs=false", "-o", goClients, "."], join(sources, "go"));
  // Without the machine's own libraries: it runs in any container.
  run(
    "go",
    ["build", "-buildvcs=false", "-trimpath", "-ldflags=-s -w", "-o", outsideListener, "."],
    join(sources, "listener"),
    {
      CGO_ENABLED: "0",
    },
  );
}

function installPython(): void {
  const requirements = join(sources, "python/requirements.txt");
  const folder = dirname(dirname(python));
  const mark = join(folder, "requirements.sha256");
  const wanted = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  if (existsSync(mark) && readFileSync(mark, "utf8") === wanted) return;
  console.log("Installing the Python clients, once …");
  run("python3", ["-m", "venv", "--clear", folder], repository);
  run(python, ["-m", "pip", "install", "--quiet", "--requirement", requirements], repository);
  writeFileSync(mark, wanted);
}

/** Makes what is missing or out of date. @throws when Go or Python is not there, or something cannot be installed. */
export function makeForeignClients(): void {
  mkdirSync(tools, { recursive: true });
  demand("go", ["version"], "Go 1.25 or newer is needed: https://go.dev/dl.");
  demand("python3", ["-c", "import venv, ensurepip"], "Python 3 is needed, on Debian also python3-venv.");
  buildGo();
  installPython();
}
