import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { type Container, tellsAll } from "../fixture/local-container.ts";
import { ownGroup, scenario, scenarios, standaloneStand } from "./standalone-fixture.ts";

const token = "token-that-administers-the-pool";

describe("a container that registers its agent itself", () => {
  const stand = standaloneStand(token);
  const { image, asked } = stand;
  const configArguments = (started: Container): string[] => started.read("seen/config-arguments").trim().split("\n");

  scenario("registers", async () => {
    const started = image();
    const { output } = await started.run();
    assert.deepEqual(
      configArguments(started),
      [
        ["--unattended", "--acceptTeeEula", "--auth", "pat", "--url", stand.services.origin],
        ["--pool", "the pool", "--agent", "eph-1", "--work", "_jobs"],
      ].flat(),
      output,
    );
    assert.ok(started.read("seen/config-environment").split("\0").includes(`VSTS_AGENT_INPUT_TOKEN=${token}`));
  });

  scenario("defaults", async () => {
    const started = image({ AZP_POOL: "", AZP_AGENT_NAME: "", AZP_WORK: "" });
    const { output } = await started.run();
    const given = ["--pool", "Default", "--agent", hostname(), "--work", "_work"];
    assert.deepEqual(configArguments(started).slice(-6), given, output);
  });

  it("gives the agent a work folder of its own, wherever that is", async () => {
    const started = image();
    const work = join(started.folder, "mounted/work");
    await started.run({ AZP_WORK: work });
    assert.ok(started.has("mounted/work"));
    // A relative one lies in the agent's folder, and is for the agent to make.
    const { output } = await started.run({ AZP_WORK: "_beside" });
    assert.ok(!existsSync("/_beside"), output);
  });

  scenario("token-file", async () => {
    const started = image({ AZP_TOKEN: "" });
    const file = join(started.folder, "token");
    writeFileSync(file, `${token}\n`);
    const there = `test ! -e ${file} && touch "$SEEN/no-file"`;
    started.bake({ "Agent.Listener": there });
    const { output } = await started.run({ AZP_TOKEN_FILE: file });
    assert.ok(started.has("seen/no-file"), output);
    assert.ok(started.read("seen/config-environment").includes(`VSTS_AGENT_INPUT_TOKEN=${token}\0`));
  });

  scenario("readable-token-file", async () => {
    const started = image({ AZP_TOKEN: "", AZP_TOKEN_FILE: "/dev/stdin" });
    // Something that can neither be removed nor closed to others: a device.
    const { output } = await started.run({ AZP_TOKEN_FILE: "/proc/self/comm" });
    assert.match(output, /The job could read the token in \/proc\/self\/comm, so no agent is started/);
    assert.ok(!started.listenerRan);
  });

  scenario("no-token", async () => {
    const started = image({ AZP_TOKEN: "" });
    const { exitCode, output } = await started.run();
    assert.equal(exitCode, 0);
    assert.match(output, /Neither AZP_TOKEN nor a readable AZP_TOKEN_FILE has a token/);
    assert.ok(!started.listenerRan);
    assert.deepEqual(stand.services.requests, []);
  });

  scenario("hidden-token", async () => {
    const looks = `cat /proc/[0-9]*/environ /proc/[0-9]*/cmdline >"$SEEN/processes" 2>/dev/null
      find "$AGENT/../.." -type f -not -path '*/seen/*' -exec grep -l ${token.slice(0, 9)}''${token.slice(9)} {} + >"$SEEN/files"`;
    const started = image({ ARM_CLIENT_SECRET: "another-secret" }, { "Agent.Listener": `${tellsAll}; ${looks}` });
    const { output } = await started.run();
    assert.ok(!started.read("seen/environment").includes(token));
    const own = started.read("seen/processes").split("\0");
    assert.deepEqual(
      own.filter((entry) => /^\w+=(token-that-administers|another-secret)/.test(entry)),
      [],
    );
    assert.deepEqual(
      own.filter((entry) => entry === token),
      [],
    );
    assert.equal(started.read("seen/files").replaceAll(/^.*test.*\n/gm, ""), "");
    assert.ok(!output.includes(token) && !output.includes("another-secret"), output);
    assert.ok(!started.read("seen/config-arguments").includes(token));
  });

  it("does not give the token to the job, even when it is told that the job shall have it", async () => {
    const started = image({ EPHEMERAL_KEEP_ENVIRONMENT: "AZP_TOKEN,MY_TOKEN", MY_TOKEN: "mine" });
    await started.run();
    const environment = started.read("seen/environment");
    assert.ok(environment.includes("MY_TOKEN=mine"));
    assert.ok(!environment.includes(token));
  });

  scenario("own-settings", async () => {
    const started = image({ ...ownGroup, AZ_CLOUD: "AzureCloud", AZP_AGENT_DOWNGRADE_DISABLED: "1" });
    await started.run();
    const names = started
      .read("seen/environment")
      .split("\0")
      .map((entry) => entry.split("=")[0] ?? "");
    assert.deepEqual(
      names.filter((name) => /^(AZP_|AZ_|EPHEMERAL_|VSTS_AGENT_INPUT_)/.test(name)),
      ["AZP_AGENT_DOWNGRADE_DISABLED"],
    );
  });

  scenario("one-job", async () => {
    const started = image();
    await started.run();
    assert.equal(started.read("seen/arguments"), "run --once\n");
  });

  scenario("not-registered", async () => {
    const started = image(ownGroup, {
      "config.sh": "echo 'Pool 3 already contains an agent with name eph-1.'; exit 1",
    });
    const { exitCode, output } = await started.run();
    assert.equal(exitCode, 0);
    assert.match(output, /already contains an agent[\s\S]*The agent could not be registered/);
    assert.ok(!started.listenerRan);
    assert.deepEqual(asked(), ["identity", "group"], "whoever has the name keeps it");
  });

  it("waits for the organization to be reachable", async () => {
    const started = image({ AZP_URL: "http://127.0.0.1:9", EPHEMERAL_UNREGISTER_SECONDS: "0" });
    const { output } = await started.run();
    assert.match(output, /Failed to connect|Connection refused/i);
    assert.ok(started.has("seen/config-arguments"), "then the agent says what is wrong");
  });

  it("says which file is missing from an image that has half of it", async () => {
    const started = image();
    rmSync(join(started.root, "standalone.sh"));
    const { exitCode, output } = await started.run();
    assert.equal(exitCode, 0);
    assert.match(output, /no standalone\.sh beside this script/);
    assert.ok(!started.listenerRan);
  });

  it("covers every scenario of the shared list", () => {
    const files = ["standalone.test.ts", "standalone-end.test.ts"];
    const texts = files.map((name) => readFileSync(new URL(name, import.meta.url), "utf8"));
    const covered = texts.flatMap((text) => [...text.matchAll(/^ {2}scenario\("([^"]+)"/gm)].map(([, id]) => id));
    assert.deepEqual(covered.sort(), scenarios.map(({ id }) => id).sort());
  });
});
