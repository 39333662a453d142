import assert from "node:assert/strict";
import { rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentFiles, type Container, containers, tellsAll } from "./fixture/local-container.ts";

const secrets = { AZP_TOKEN: "s1", ARM_CLIENT_SECRET: "s2", db_password: "s3", STORAGE_KEY: "s4", MY_PAT: "s5" };

const hiddenNames = (container: Container) =>
  seenEnvironment(container)
    .find((entry) => entry.startsWith("VSO_AGENT_IGNORE="))
    ?.slice("VSO_AGENT_IGNORE=".length)
    .split(",") ?? [];

const seenEnvironment = (container: Container) => container.read("seen/environment").split("\0");

describe("the start script, starting the agent", () => {
  const container = containers();
  const withAgent = { baked: { "Agent.Listener": tellsAll } };

  it("gives the agent its three files and starts it for one job", async () => {
    const started = container(withAgent);
    const { exitCode, output } = await started.run();
    assert.equal(exitCode, 0, output);
    assert.equal(started.read("seen/arguments"), "run --once\n");
    for (const [name, file] of [
      ["agent.json", ".agent"],
      ["credentials.json", ".credentials"],
      ["rsaparams.json", ".credentials_rsaparams"],
    ] as const) {
      assert.equal(started.read(`azp/agent/${file}`), agentFiles[name]);
      assert.equal(statSync(join(started.root, "agent", file)).mode & 0o777, 0o600, `${file} is for its user only`);
    }
  });

  it("exits 0 whatever the listener's exit code, and says which it was", async () => {
    const { exitCode, output } = await container({ baked: { "Agent.Listener": "exit 1" } }).run();
    assert.equal(exitCode, 0);
    assert.match(output, /^The listener ended with exit code 1\.$/m);
  });

  it("exits 0 even when bash itself gives up in the middle", async () => {
    // With this option in the environment, the first command that fails ends the script.
    const started = container({ ...withAgent, environment: { SHELLOPTS: "errexit" } });
    const { exitCode } = await started.run();
    assert.equal(exitCode, 0);
    assert.ok(!started.listenerRan);
  });

  it("prints nothing of what the files hold", async () => {
    const { output } = await container(withAgent).run();
    assert.doesNotMatch(output, /content-of/);
  });

  it("hands neither secrets nor its own settings to the agent, and names what it keeps back", async () => {
    const started = container({
      ...withAgent,
      startEnv: { IDLE_SECONDS: 77_777, AGENT_PACKAGE_URL: "http://package.example" },
      environment: { ...secrets, VSTS_AGENT_INPUT_ONCE: "false" },
    });
    const { output } = await started.run();
    const names = seenEnvironment(started).map((entry) => entry.slice(0, entry.indexOf("=")));
    const forbidden = names.filter((name) => name in secrets || /^(EPHEMERAL_|VSTS_AGENT_INPUT_|IDLE_)/.test(name));
    assert.deepEqual(forbidden, []);
    assert.doesNotMatch(seenEnvironment(started).join("\n"), /77777|package\.example/);
    for (const name of Object.keys(secrets)) assert.match(output, new RegExp(`The variable ${name} is not handed`));
    assert.doesNotMatch(output, /\bs[1-5]\b/);
  });

  it("leaves the image's other variables alone", async () => {
    const started = container({
      ...withAgent,
      environment: { JAVA_HOME: "/opt/java", AZP_AGENT_DOWNGRADE_DISABLED: "1" },
    });
    await started.run();
    assert.ok(seenEnvironment(started).includes("JAVA_HOME=/opt/java"));
    assert.ok(seenEnvironment(started).includes("AZP_AGENT_DOWNGRADE_DISABLED=1"));
  });

  it("has the agent's own logs written where a restart finds them", async () => {
    const started = container(withAgent);
    await started.run();
    assert.ok(seenEnvironment(started).includes(`AGENT_DIAGLOGPATH=${started.state}/diag`));
    assert.ok(seenEnvironment(started).includes(`WORKER_DIAGLOGPATH=${started.state}/diag/jobs`));
  });

  for (const name of ["agent.json", "credentials.json", "rsaparams.json", "start.env"]) {
    it(`starts nothing without ${name}, and names it`, async () => {
      const started = container(withAgent);
      rmSync(join(started.startFiles, name));
      const { exitCode, output } = await started.run();
      assert.equal(exitCode, 0);
      assert.match(output, new RegExp(`The start file ${name} is missing`));
      assert.ok(!started.listenerRan);
    });
  }

  it("starts nothing when a limit is not a number, and names it", async () => {
    const started = container({ ...withAgent, startEnv: { IDLE_SECONDS: "soon" } });
    const { exitCode, output } = await started.run();
    assert.equal(exitCode, 0);
    assert.match(output, /IDLE_SECONDS is not a number of seconds/);
    assert.ok(!started.listenerRan);
  });

  it("works without a state folder that can be written, and says what that costs", async () => {
    const started = container({ ...withAgent, environment: { EPHEMERAL_STATE: "/proc/none" } });
    const { exitCode, output } = await started.run();
    assert.equal(exitCode, 0);
    assert.match(output, /a restart of the container would not be noticed/);
    assert.ok(started.listenerRan);
  });
});

describe("the start script, with what the user wants besides", () => {
  const container = containers();
  const withAgent = { baked: { "Agent.Listener": tellsAll } };

  it("hands the job the values that it shall have, whatever their names", async () => {
    const started = container({
      ...withAgent,
      startEnv: { KEEP_ENVIRONMENT: "DEPLOY_TOKEN,db_password" },
      environment: { DEPLOY_TOKEN: "kept-1", db_password: "kept-2", OTHER_TOKEN: "dropped" },
    });
    const { output } = await started.run();
    const seen = seenEnvironment(started);
    assert.ok(seen.includes("DEPLOY_TOKEN=kept-1") && seen.includes("db_password=kept-2"), output);
    assert.ok(!seen.join().includes("dropped"));
    assert.doesNotMatch(output, /kept-/);
  });

  it("keeps secret values from the pool, whatever their names", async () => {
    const started = container({
      ...withAgent,
      startEnv: { KEEP_ENVIRONMENT: "PLAIN,DEPLOY_TOKEN", SECRET_ENVIRONMENT: "colour,OTHER" },
      environment: { PLAIN: "p", DEPLOY_TOKEN: "d", colour: "c", OTHER: "o", VSO_AGENT_IGNORE: "MINE" },
    });
    const { output } = await started.run();
    const seen = seenEnvironment(started);
    for (const entry of ["PLAIN=p", "DEPLOY_TOKEN=d", "colour=c", "OTHER=o"]) assert.ok(seen.includes(entry), output);
    const hidden = hiddenNames(started);
    for (const name of ["MINE", "DEPLOY_TOKEN", "colour", "OTHER", "VSO_AGENT_IGNORE"])
      assert.ok(hidden.includes(name), `${name} in ${hidden.join()}`);
    assert.ok(!hidden.includes("PLAIN") && !hidden.includes("PATH"));
  });

  it("keeps variables of the image from the pool whose values are secret", async () => {
    const environment = {
      FEED: "https://user:key@feed.example/nuget",
      BLOB: "https://s.blob.example/c?sv=1&sig=abc",
      STORE: "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc==",
      SQL: "Server=db;User Id=u;Password=abc",
      SIGNER: "-----BEGIN RSA PRIVATE KEY-----\nabc",
      SOURCES: "https://ghp_abcdefghijkl@github.com/x",
      ORACLE: "jdbc:oracle:thin:scott/tiger@db.example:1521/x",
      CLAIMS: "eyJhbGciOi.eyJzdWIi.c2ln",
      GITHUB: "ghp_012345678901234567890123456789012345",
      CONFIG: '{"user": "u", "password": "x"}',
      SPACED: "User = u; Password = x",
      SHORT: "user=sa;pass=abc",
      HEADER: "Authorization: Bearer abcdef",
      HOOK: "https://hooks.slack.com/services/T0/B0/xyz",
    };
    const open = {
      SITE: "https://site.example:8080/a",
      SCOPED: "https://registry.example/@contoso/tool",
      MAIL: "someone@contoso.com",
      VERSION: "1.2.3",
      BYPASSED: "bypass=yes",
      NOTE: "the bearer of this",
    };
    const started = container({ ...withAgent, environment: { ...environment, ...open } });
    await started.run();
    const hidden = hiddenNames(started);
    for (const name of Object.keys(environment)) assert.ok(hidden.includes(name), `${name} in ${hidden.join()}`);
    for (const name of Object.keys(open)) assert.ok(!hidden.includes(name), `${name} in ${hidden.join()}`);
  });

  it("leaves to the job what only a container that registers itself takes", async () => {
    const environment = { AZ_SUBSCRIPTION_ID: "sub", AZ_CLOUD: "here", AZP_WORK: "/work", AZ_ACI_NAME: "mine" };
    const started = container({ ...withAgent, environment });
    await started.run();
    for (const [name, value] of Object.entries(environment))
      assert.ok(seenEnvironment(started).includes(`${name}=${value}`), name);
  });

  const proxy = {
    VSTS_HTTP_PROXY: "http://proxy.example:3128",
    VSTS_HTTP_PROXY_USERNAME: "pro xy",
    VSTS_HTTP_PROXY_PASSWORD: "p@ss:w/rd",
    no_proxy: "localhost,.internal",
  };
  const proxyEnv = Object.entries(proxy).map(([name, value]) => `${name}=${value}\n`);

  it("tells the agent of its proxy, whose password does not become a capability", async () => {
    const started = container({ ...withAgent, environment: { VSO_AGENT_IGNORE: "MINE" } });
    writeFileSync(join(started.startFiles, "proxy.env"), proxyEnv.join(""));
    const { output } = await started.run();
    const seen = seenEnvironment(started);
    for (const [name, value] of Object.entries(proxy)) assert.ok(seen.includes(`${name}=${value}`), name);
    const hidden = hiddenNames(started);
    for (const name of ["MINE", "VSTS_HTTP_PROXY_USERNAME", "VSTS_HTTP_PROXY_PASSWORD"])
      assert.ok(hidden.includes(name));
    assert.ok(!output.includes(proxy.VSTS_HTTP_PROXY_PASSWORD));
  });

  it("lets programs trust the user's authorities besides the image's own", async () => {
    const reads = 'cat "$SSL_CERT_FILE" >"$SEEN/authorities"';
    const started = container({ baked: { "Agent.Listener": `${tellsAll}; ${reads}` } });
    writeFileSync(join(started.startFiles, "ca.pem"), "the user's authority\n");
    await started.run();
    const bundle = `${started.state}/authorities.pem`;
    for (const name of [
      "SSL_CERT_FILE",
      "CURL_CA_BUNDLE",
      "REQUESTS_CA_BUNDLE",
      "GIT_SSL_CAINFO",
      "NODE_EXTRA_CA_CERTS",
    ])
      assert.ok(seenEnvironment(started).includes(`${name}=${bundle}`), name);
    assert.match(started.read("seen/authorities"), /the user's authority\n$/);
  });
});
