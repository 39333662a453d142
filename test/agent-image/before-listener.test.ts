// The container's limits, and requests to stop, before there is a listener.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { containers, listensForever } from "./fixture/local-container.ts";

/** Does not end by itself, nor when it is told to. */
const deaf = (says: string) => `trap '' TERM; echo ${says}; while :; do read -rt 1 <> <(:); done`;

/** Nothing for a process that has ended, whether somebody has asked for its exit code or not. */
function commandOf(id: number): string {
  return existsSync(`/proc/${id}`) ? readFileSync(`/proc/${id}/cmdline`, "utf8") : "";
}

describe("the start script, before the listener", () => {
  const container = containers();
  let server: Server;
  /** Resolves with the answer to the one request, which a test may trickle. */
  let asked: Promise<ServerResponse>;

  beforeEach(async () => {
    server = createServer();
    asked = once(server, "request").then(([, response]) => {
      (response as ServerResponse).writeHead(200, { "content-length": "150000000" }).write("half a");
      return response as ServerResponse;
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterEach(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });

  const startEnv = (limits: Readonly<Record<string, number>> = {}) => ({
    AGENT_PACKAGE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    AGENT_PACKAGE_SHA256: "0".repeat(64),
    ...limits,
  });

  for (const [limit, said] of [
    ["LIFETIME_SECONDS", "The container has had its 300 seconds."],
    ["IDLE_SECONDS", "No job came within 300 seconds."],
  ] as const) {
    it(`ends a download that takes longer than ${limit}`, async () => {
      const slow = container({ ownClock: true, startEnv: startEnv({ [limit]: 300 }) });
      const started = slow.start();
      const connection = once(await asked, "close");
      slow.setClock(1_300);
      const { exitCode, output } = await started.ended;
      assert.equal(exitCode, 0);
      assert.ok(output.endsWith(`${said} The download of the agent is being ended.\n`), output);
      await connection;
    });
  }

  it("ends a download when it is asked to stop, and is not disturbed by a second request", async () => {
    const started = container({ ownClock: true, startEnv: startEnv() }).start();
    const connection = once(await asked, "close");
    started.kill("SIGTERM");
    started.kill("SIGTERM");
    const { exitCode, output } = await started.ended;
    assert.equal(exitCode, 0);
    assert.match(output, /The container is asked to stop\. The download of the agent is being ended\.\n$/);
    await connection;
  });

  it("goes on from nothing after a restart in the middle of the download", async () => {
    const broken = container({ ownClock: true, startEnv: startEnv({ LIFETIME_SECONDS: 300 }) });
    const started = broken.start();
    await asked;
    started.kill("SIGKILL");
    await started.ended;
    broken.bake({ "Agent.Listener": "echo the agent runs" });
    assert.match((await broken.run()).output, /the agent runs/);
  });

  for (const [what, how] of [
    ["when the container's time is over", "limit"],
    ["when it is asked to stop", "stop"],
  ] as const) {
    it(`kills what unpacks the agent and does not end, ${what}`, async () => {
      const hangs = container({
        ownClock: true,
        startEnv: startEnv({ LIFETIME_SECONDS: 300 }),
        programs: {
          curl: 'while [ $# -gt 2 ]; do shift; done; : >"$1"',
          sha256sum: `echo ${"0".repeat(64)}`,
          tar: deaf('>"$SEEN/unpacking"'),
        },
      });
      const started = hangs.start();
      await hangs.made("seen/unpacking");
      if (how === "stop") started.kill("SIGTERM");
      else hangs.setClock(1_300);
      await started.printed("is being ended");
      await hangs.passTime(started.ended);
      assert.equal((await started.ended).exitCode, 0);
    });
  }

  const registering = (config: string) =>
    container({
      ownClock: true,
      standalone: true,
      baked: { "config.sh": config, "Agent.Listener": listensForever },
      environment: {
        AZP_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        AZP_TOKEN: "token",
        EPHEMERAL_LIFETIME_SECONDS: "600",
        EPHEMERAL_REGISTER_SECONDS: "300",
      },
      programs: { curl: "exit 0" },
    });

  it("ends a registration that takes too long, with all that it started", async () => {
    const hangs = registering('"$AGENT/bin/Agent.Listener" & echo $! >"$SEEN/child"; echo registering; wait');
    const started = hangs.start();
    await started.printed("registering");
    await hangs.passTime(started.ended);
    const { exitCode, output } = await started.ended;
    assert.equal(exitCode, 0);
    assert.match(output, /300 seconds are over\. The registration has 30 seconds left\.[\s\S]*could not be registered/);
    assert.equal(commandOf(Number(hangs.read("seen/child"))), "");
  });

  it("kills a registration that does not come to an end after a request to stop", async () => {
    const started = registering(deaf("registering"));
    const running = started.start();
    await running.printed("registering");
    running.kill("SIGTERM");
    await running.printed("The registration has 30 seconds left");
    await started.passTime(running.ended);
    const { exitCode, output } = await running.ended;
    assert.equal(exitCode, 0);
    assert.match(output, /Nothing is started any more/);
  });
});
