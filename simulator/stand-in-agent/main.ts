// The stand-in agent: one file that is the listener, or, started under the name Agent.Worker, a worker.
import { basename } from "node:path";
import { start } from "./listener/start-listener.ts";
import { worker } from "./worker/worker-process.ts";

const [, file = "", ...commandLine] = process.argv;

process.exit(basename(file).startsWith("Agent.Worker") ? await worker() : await start(commandLine));
