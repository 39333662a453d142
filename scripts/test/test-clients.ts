// npm run test:clients: clients in other languages, and an agent's listener that shares no code with the simulator.
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { whyNotUsable } from "../../simulator/containers/podman/detect-engine.ts";
import { repository } from "../build/bundle.ts";
import { makeAgentImages } from "./agent-images.ts";
import { makeForeignClients } from "./foreign-clients.ts";

/** The suites that run containers. */
const inContainers = "test/clients/listener.suite.ts";

async function main(): Promise<number> {
  const named = process.argv.slice(2);
  makeForeignClients();
  if (named.length === 0 || named.includes(inContainers)) {
    const why = await whyNotUsable("podman");
    if (why !== undefined) {
      throw new Error(
        `${why}\n${inContainers} needs podman, as root. The others can be named: npm run test:clients -- FILE`,
      );
    }
    await makeAgentImages(console.log);
  }
  const mocha = join(repository, "node_modules/.bin/mocha");
  const suites = named.length > 0 ? named : ["test/clients/*.suite.ts"];
  const { status } = spawnSync(mocha, ["--timeout", "300000", ...suites], { cwd: repository, stdio: "inherit" });
  return status ?? 1;
}

main().then(
  (exitCode) => process.exit(exitCode),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
