import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { jobStillRuns } from "../fixture/container-services.ts";
import { listensForever, tellsAll } from "../fixture/local-container.ts";
import { ownGroup, registersAs, scenario, standaloneStand } from "./standalone-fixture.ts";

const startsAJob = 'echo job >"$WORKER_DIAGLOGPATH/Worker_20260101-000000-utc.log"';

const token = "token-of-the-other-suite";

describe("a container that registers its agent itself", () => {
  const stand = standaloneStand(token);
  const { image, asked } = stand;

  scenario("unregisters", async () => {
    const { exitCode, output } = await image({}, { "Agent.Listener": "exit 1" }).run();
    assert.equal(exitCode, 0);
    const [request, another] = stand.services.of("record");
    assert.equal(request?.method, "DELETE", output);
    assert.equal(request?.url.pathname, "/_apis/distributedtask/pools/3/agents/7");
    assert.match(request?.url.searchParams.get("api-version") ?? "", /^\d\.\d$/);
    assert.equal(request?.headers.authorization, `Basic ${Buffer.from(`:${token}`).toString("base64")}`);
    assert.equal(another, undefined);
  });

  scenario("job-still-runs", async () => {
    stand.services.answer("record", jobStillRuns, jobStillRuns);
    const { output } = await image().run();
    assert.equal(stand.services.of("record").length, 3);
    assert.match(output, /job still runs[\s\S]*The agent is unregistered/);
  });

  scenario("service-down", async () => {
    stand.services.answer("record", { status: 503 }, { status: 500 });
    const { output } = await image().run();
    assert.equal(stand.services.of("record").length, 3);
    assert.match(output, /status 503[\s\S]*status 500[\s\S]*The agent is unregistered/);
  });

  it("tries no longer than it may", async () => {
    stand.services.answer("record", ...Array.from({ length: 50 }, () => jobStillRuns));
    const { exitCode, output } = await image({ EPHEMERAL_UNREGISTER_SECONDS: "0" }).run();
    assert.equal(exitCode, 0);
    assert.equal(stand.services.of("record").length, 1);
    assert.match(output, /record http.*\/agents\/7 is left behind/);
  });

  scenario("may-not-unregister", async () => {
    for (const status of [203, 401, 403]) {
      stand.services.answer("record", { status });
      const before = stand.services.requests.length;
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
    assert.equal(stand.services.of("record").length, 1, "also when the child to be the listener has just been forked");
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
    assert.equal(stand.services.of("record").length, 1);
  });

  it("watches no listener any more while it unregisters after a stop", async () => {
    stand.services.answer("record", jobStillRuns, jobStillRuns, jobStillRuns, jobStillRuns);
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
    const [identity] = stand.services.of("identity");
    assert.equal(identity?.headers.metadata, "true");
    assert.deepEqual(Object.fromEntries(identity?.url.searchParams ?? []), {
      "api-version": "2018-02-01",
      resource: `${stand.services.origin}/`,
    });
    const [group] = stand.services.of("group");
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
      assert.equal(stand.services.of("identity").at(-1)?.url.searchParams.get(parameter), chosen);
    }
  });

  scenario("identity-late", async () => {
    stand.services.answer("identity", { status: 500 }, { status: 429 });
    stand.services.answer("group", { status: 409, body: { error: { code: "ContainerGroupTransitioning" } } });
    const { output } = await image(ownGroup).run();
    assert.deepEqual(asked(), ["record", "identity", "identity", "identity", "group", "identity", "group"]);
    assert.match(output, /could not be deleted:.*ContainerGroupTransitioning/);
    assert.ok(!output.includes("token-of-the-identity"));
  });

  it("waits longer each time before it tries to delete its group again", async () => {
    stand.services.answer("group", { status: 429 }, { status: 429 }, { status: 503 });
    await image({ ...ownGroup, EPHEMERAL_RETRY_SECONDS: "1" }).run();
    const [first = 0, second = 0, third = 0, fourth = 0] = stand.services.of("group").map(({ at }) => at);
    assert.ok(fourth - third > third - second && third - second > second - first);
  });

  scenario("national-cloud", async () => {
    for (const [AZ_CLOUD, host] of [
      ["AzureUSGovernment", "management.usgovcloudapi.net"],
      ["AzureChinaCloud", "management.chinacloudapi.cn"],
      ["", "management.azure.com"],
    ] as const) {
      stand.services.answer("identity", { status: 200, body: { access_token: "t" } });
      // Nobody is there: what was asked for tells enough.
      const started = image({ ...ownGroup, AZ_CLOUD, AZ_RESOURCE_MANAGER: "", https_proxy: "http://127.0.0.1:9" });
      const running = started.start();
      await running.printed("could not be deleted");
      running.kill("SIGKILL");
      await running.ended;
      assert.equal(stand.services.of("identity").at(-1)?.url.searchParams.get("resource"), `https://${host}/`);
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
    stand.services.answer("record", jobStillRuns);
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
      stand.services.of("record").map(({ url }) => url.pathname.split("/").at(-1)),
      ["7", "8"],
      "the first record before the second start, the second after it",
    );
    assert.ok(started.has("seen/arguments"));
  });

  it("starts nothing after a restart when the first record has a job", async () => {
    const started = image({}, { "Agent.Listener": "kill -KILL $PPID" });
    await started.run();
    started.bake({ "Agent.Listener": tellsAll });
    stand.services.answer("record", jobStillRuns);
    const { output } = await started.run();
    assert.match(output, /The record of the first start cannot be deleted\. Nothing is started/);
    assert.ok(!started.has("seen/arguments"));
    assert.equal(stand.services.of("record").length, 2, "but the record is deleted once it can be");
  });
});
