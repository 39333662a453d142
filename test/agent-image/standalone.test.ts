import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { type Container, type ContainerOptions, containers, listensForever, tellsAll } from "./container.ts";
import { type Asked, jobStillRuns, Services } from "./services.ts";

const token = "token-that-administers-the-pool";
const registersAs = (id: number): string => `
env -0 >"$SEEN/config-environment"; printf '%s\\n' "$@" >"$SEEN/config-arguments"
echo '{ "acceptTeeEula": true, "agentId": ${id}, "poolId": 3, "serverUrl": "x" }' >"$AGENT/.agent"`;
const startsAJob = 'echo job >"$WORKER_DIAGLOGPATH/Worker_20260101-000000-utc.log"';

interface Scenario {
  readonly id: string;
  readonly promise: string;
}
const { scenarios }: { scenarios: readonly Scenario[] } = JSON.parse(
  readFileSync(new URL("standalone-scenarios.json", import.meta.url), "utf8"),
);

describe("a container that registers its agent itself", () => {
  const container = containers();
  const covered = new Set<string>();
  let services: Services;

  beforeEach(async () => {
    services = await Services.open();
  });
  afterEach(() => services.close());

  /** One of the shared list. */
  function scenario(id: string, run: () => Promise<void>): void {
    const promise = scenarios.find((each) => each.id === id)?.promise;
    covered.add(id);
    it(promise ?? `(not in the list) ${id}`, run);
  }

  const image = (changes: Readonly<Record<string, string>> = {}, baked: ContainerOptions["baked"] = {}): Container =>
    container({
      standalone: true,
      baked: { "config.sh": registersAs(7), "Agent.Listener": tellsAll, ...baked },
      environment: {
        AZP_URL: services.origin,
        AZP_POOL: "the pool",
        AZP_AGENT_NAME: "eph-1",
        AZP_WORK: "_jobs",
        AZP_TOKEN: token,
        EPHEMERAL_RETRY_SECONDS: "0",
        EPHEMERAL_LINGER_SECONDS: "0",
        AZURE_POD_IDENTITY_AUTHORITY_HOST: services.origin,
        AZ_RESOURCE_MANAGER: services.origin,
        ...changes,
      },
    });
  const ownGroup = { AZ_ACI_NAME: "eph-1", AZ_ACI_RG: "rg", AZ_SUBSCRIPTION_ID: "sub" };
  const asked = (): Asked[] => services.requests.map(({ of }) => of).filter((of) => of !== "organization");
  const configArguments = (started: Container): string[] => started.read("seen/config-arguments").trim().split("\n");

  scenario("registers", async () => {
    const started = image();
    const { output } = await started.run();
    assert.deepEqual(
      configArguments(started),
      [
        ["--unattended", "--acceptTeeEula", "--auth", "pat", "--url", services.origin],
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
    assert.deepEqual(services.requests, []);
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

  scenario("unregisters", async () => {
    const { exitCode, output } = await image({}, { "Agent.Listener": "exit 1" }).run();
    assert.equal(exitCode, 0);
    const [request, another] = services.of("record");
    assert.equal(request?.method, "DELETE", output);
    assert.equal(request?.url.pathname, "/_apis/distributedtask/pools/3/agents/7");
    assert.match(request?.url.searchParams.get("api-version") ?? "", /^\d\.\d$/);
    assert.equal(request?.headers.authorization, `Basic ${Buffer.from(`:${token}`).toString("base64")}`);
    assert.equal(another, undefined);
  });

  scenario("job-still-runs", async () => {
    services.answer("record", jobStillRuns, jobStillRuns);
    const { output } = await image().run();
    assert.equal(services.of("record").length, 3);
    assert.match(output, /job still runs[\s\S]*The agent is unregistered/);
  });

  scenario("service-down", async () => {
    services.answer("record", { status: 503 }, { status: 500 });
    const { output } = await image().run();
    assert.equal(services.of("record").length, 3);
    assert.match(output, /status 503[\s\S]*status 500[\s\S]*The agent is unregistered/);
  });

  it("tries no longer than it may", async () => {
    services.answer("record", ...Array.from({ length: 50 }, () => jobStillRuns));
    const { exitCode, output } = await image({ EPHEMERAL_UNREGISTER_SECONDS: "0" }).run();
    assert.equal(exitCode, 0);
    assert.equal(services.of("record").length, 1);
    assert.match(output, /record http.*\/agents\/7 is left behind/);
  });

  scenario("may-not-unregister", async () => {
    for (const status of [203, 401, 403]) {
      services.answer("record", { status });
      const before = services.requests.length;
      const { exitCode, output } = await image(ownGroup).run();
      assert.equal(exitCode, 0);
      assert.match(output, new RegExp(`may not unregister the agent \\(any more\\): status ${status}`));
      assert.deepEqual(asked().slice(before === 0 ? 0 : -3), ["record", "identity", "group"]);
    }
  });

  scenario("stopped", async () => {
    const started = image({}, { "Agent.Listener": listensForever }).start();
    await started.printed("Starting the listener");
    started.kill("SIGTERM");
    const { exitCode } = await started.ended;
    assert.equal(exitCode, 0);
    assert.equal(services.of("record").length, 1, "also when the child to be the listener has just been forked");
  });

  it("unregisters, too, when it is told to stop while it registers, and starts no listener", async () => {
    const slowly = `echo registering; read -rt 1 <> <(:); ${registersAs(7)}`;
    const running = image(ownGroup, { "config.sh": slowly, "Agent.Listener": tellsAll });
    const started = running.start();
    await started.printed("registering");
    started.kill("SIGTERM");
    const { exitCode, output } = await started.ended;
    assert.equal(exitCode, 0);
    assert.ok(!running.has("seen/arguments"), output);
    assert.deepEqual(asked(), ["record", "identity", "group"], output);
  });

  scenario("half-registered", async () => {
    const started = image({}, { "config.sh": `${registersAs(7)}; exit 1` });
    const { output } = await started.run();
    assert.match(output, /could not be registered[\s\S]*The agent is unregistered/);
    assert.equal(services.of("record").length, 1);
  });

  it("watches no listener any more while it unregisters after a stop", async () => {
    services.answer("record", jobStillRuns, jobStillRuns, jobStillRuns, jobStillRuns);
    const limits = { EPHEMERAL_IDLE_SECONDS: "2", EPHEMERAL_RETRY_SECONDS: "1" };
    const started = image(limits, { "Agent.Listener": `echo listening; ${listensForever}` }).start();
    await started.printed("listening");
    started.kill("SIGTERM");
    const { output } = await started.ended;
    assert.match(output, /job still runs[\s\S]*The agent is unregistered/);
    assert.doesNotMatch(output, /No job came/);
  });

  scenario("deletes-own-group", async () => {
    const { output } = await image(ownGroup).run();
    assert.deepEqual(asked(), ["record", "identity", "group"], output);
    const [identity] = services.of("identity");
    assert.equal(identity?.headers.metadata, "true");
    assert.deepEqual(Object.fromEntries(identity?.url.searchParams ?? []), {
      "api-version": "2018-02-01",
      resource: `${services.origin}/`,
    });
    const [group] = services.of("group");
    assert.equal(group?.method, "DELETE");
    assert.equal(
      group?.url.pathname,
      "/subscriptions/sub/resourceGroups/rg/providers/Microsoft.ContainerInstance/containerGroups/eph-1",
    );
    assert.equal(group?.headers.authorization, "Bearer token-of-the-identity");
    assert.ok(!output.includes("token-of-the-identity"));
  });

  scenario("chosen-identity", async () => {
    for (const [chosen, parameter] of [
      ["6ab1…", "client_id"],
      ["/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i", "msi_res_id"],
    ] as const) {
      await image({ ...ownGroup, AZ_MANAGED_IDENTITY: chosen }).run();
      assert.equal(services.of("identity").at(-1)?.url.searchParams.get(parameter), chosen);
    }
  });

  scenario("identity-late", async () => {
    services.answer("identity", { status: 500 }, { status: 429 });
    services.answer("group", { status: 409, body: { error: { code: "ContainerGroupTransitioning" } } });
    const { output } = await image(ownGroup).run();
    assert.deepEqual(asked(), ["record", "identity", "identity", "identity", "group", "identity", "group"]);
    assert.match(output, /could not be deleted:.*ContainerGroupTransitioning/);
    assert.ok(!output.includes("token-of-the-identity"));
  });

  it("waits longer each time before it tries to delete its group again", async () => {
    services.answer("group", { status: 429 }, { status: 429 }, { status: 503 });
    await image({ ...ownGroup, EPHEMERAL_RETRY_SECONDS: "1" }).run();
    const [first = 0, second = 0, third = 0, fourth = 0] = services.of("group").map(({ at }) => at);
    assert.ok(fourth - third > third - second && third - second > second - first);
  });

  scenario("national-cloud", async () => {
    for (const [AZ_CLOUD, host] of [
      ["AzureUSGovernment", "management.usgovcloudapi.net"],
      ["AzureChinaCloud", "management.chinacloudapi.cn"],
      ["", "management.azure.com"],
    ] as const) {
      services.answer("identity", { status: 200, body: { access_token: "t" } });
      // Nobody is there: what was asked for tells enough.
      const started = image({ ...ownGroup, AZ_CLOUD, AZ_RESOURCE_MANAGER: "", https_proxy: "http://127.0.0.1:9" });
      const running = started.start();
      await running.printed("could not be deleted");
      running.kill("SIGKILL");
      await running.ended;
      assert.equal(services.of("identity").at(-1)?.url.searchParams.get("resource"), `https://${host}/`);
    }
  });

  scenario("no-identity", async () => {
    const { output } = await image({ ...ownGroup, AZ_MANAGED_IDENTITY: "false" }).run();
    assert.deepEqual(asked(), ["record"]);
    assert.match(output, /Only a managed identity can delete the container group/);
  });

  scenario("no-group", async () => {
    for (const missing of ["AZ_ACI_NAME", "AZ_ACI_RG", "AZ_SUBSCRIPTION_ID"]) {
      const { exitCode } = await image({ ...ownGroup, [missing]: "" }).run();
      assert.equal(exitCode, 0);
    }
    assert.deepEqual(asked(), ["record", "record", "record"]);
  });

  scenario("restarted-after-job", async () => {
    const started = image(ownGroup, { "Agent.Listener": `echo run >>"$SEEN/runs"; ${startsAJob}; kill -KILL $PPID` });
    await started.run();
    assert.deepEqual(asked(), []);
    services.answer("record", jobStillRuns);
    const { exitCode, output } = await started.run();
    assert.equal(exitCode, 0);
    assert.match(output, /A job has already been given to this container/);
    assert.equal(started.read("seen/runs"), "run\n");
    assert.deepEqual(asked(), ["record", "record", "identity", "group"]);
  });

  scenario("restarted-before-job", async () => {
    const started = image({}, { "Agent.Listener": "kill -KILL $PPID" });
    await started.run();
    rmSync(join(started.root, "agent/.agent"));
    started.bake({ "config.sh": registersAs(8), "Agent.Listener": tellsAll });
    await started.run();
    assert.deepEqual(
      services.of("record").map(({ url }) => url.pathname.split("/").at(-1)),
      ["7", "8"],
      "the first record before the second start, the second after it",
    );
    assert.ok(started.has("seen/arguments"));
  });

  it("starts nothing after a restart when the first record has a job", async () => {
    const started = image({}, { "Agent.Listener": "kill -KILL $PPID" });
    await started.run();
    started.bake({ "Agent.Listener": tellsAll });
    services.answer("record", jobStillRuns);
    const { output } = await started.run();
    assert.match(output, /The record of the first start cannot be deleted\. Nothing is started/);
    assert.ok(!started.has("seen/arguments"));
    assert.equal(services.of("record").length, 2, "but the record is deleted once it can be");
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
    assert.deepEqual([...covered].sort(), scenarios.map(({ id }) => id).sort());
  });
});
