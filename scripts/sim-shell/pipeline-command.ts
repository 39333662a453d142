// `pipeline run FILE` in the simulator's shell: the simulator runs the file against what was set up in it.
import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { startRunIn } from "../../simulator/pipeline-runner/run-in-simulator.ts";
import { PipelineRefused } from "../../simulator/pipeline-runner/validation/pipeline-problems.ts";
import type { Simulator } from "../../simulator/start-simulator.ts";
import { repository } from "../build/bundle.ts";
import { Misuse } from "../demo/arguments.ts";
import { RunDisplay } from "../demo/event-output.ts";
import { pipelineFile } from "../demo/pipeline-file.ts";
import { terminal } from "../demo/terminal.ts";

const TASK_FOLDER = join(repository, "dist/EphemeralAgentTask");

/** Runs a file, and writes what happens. @returns whether it succeeded */
async function runFile(simulator: Simulator, path: string, write: (text: string) => void): Promise<boolean> {
  if (!existsSync(TASK_FOLDER)) throw new Misuse("The task is not built yet: run 'npm run build'.");
  const { yaml, files } = pipelineFile({ file: path, repositories: {} });
  const stream = { isTTY: false, write: (text: string) => void write(text) };
  const display = new RunDisplay(terminal(stream as unknown as NodeJS.WriteStream, {}), [""]);
  const taskFolders = { EphemeralAgent: TASK_FOLDER };
  const report = await startRunIn(simulator, { yaml, files, taskFolders, onEvent: (event) => display.event(event) })
    .done;
  display.results(report);
  return report.result === "succeeded";
}

/** The command: it sends the file's path, prints what comes, and ends with the code of the last line. */
const script = (socket: string): string => `#!/usr/bin/env bash
if [[ \${1-} != run || ! -f \${2-} ]]; then echo "Usage: pipeline run FILE" >&2; exit 2; fi
curl --silent --show-error --no-buffer --get --data-urlencode "file=$(realpath "$2")" --unix-socket '${socket}' http://localhost/ | {
  while IFS= read -r line; do
    if [[ $line == "exit "* ]]; then exit "\${line#exit }"; fi
    printf '%s\\n' "$line"
  done
  exit 1
}
`;

/**
 * Serves the command from a folder that only this user reads.
 * @returns the folder to put before PATH, and what ends the service
 */
export async function servePipelineCommand(simulator: Simulator, folder: string) {
  const [socket, bin] = [join(folder, "pipeline.socket"), join(folder, "bin")];
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").searchParams.get("file") ?? "";
    runFile(simulator, path, (text) => response.write(text)).then(
      (succeeded) => response.end(`exit ${succeeded ? 0 : 1}\n`),
      (error: unknown) => {
        const known = error instanceof PipelineRefused || error instanceof Misuse;
        response.end(`${known ? error.message : String(error)}\nexit 2\n`);
      },
    );
  });
  await mkdir(bin);
  await writeFile(join(bin, "pipeline"), script(socket));
  await chmod(join(bin, "pipeline"), 0o700);
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(socket, resolve));
  return {
    bin,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
