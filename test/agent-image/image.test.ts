import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { containers, neededCommands, tellsAll } from "./fixture/local-container.ts";

const musl = { "/lib/ld-musl-x86_64.so.1": "" };
const glibc = { "/lib64/ld-linux-x86-64.so.2": "" };
/** As much of a program as tells its loader. */
const madeFor = (loader: string) => `\x7fELF${"\0".repeat(600)}${loader}\0${"\0".repeat(2_000)}`;
const toDownload = { AGENT_PACKAGE_URL: "http://127.0.0.1:9/", AGENT_PACKAGE_SHA256: "0".repeat(64), RETRY_SECONDS: 0 };

describe("the start script, looking at the image", () => {
  const container = containers();
  const withAgent = { baked: { "Agent.Listener": tellsAll } };

  it("needs no more commands than it says", async () => {
    const { output } = await container({ ...withAgent, commands: neededCommands }).run();
    assert.match(output, /The listener ended with exit code 0/);
  });

  for (const missing of [["stat"], ["install", "chmod"], ["mkdir", "env", "rm"]]) {
    it(`names what the image lacks: ${missing.join(", ")}`, async () => {
      const commands = neededCommands.filter((name) => !missing.includes(name));
      const poor = container({ ...withAgent, commands });
      const { exitCode, output } = await poor.run();
      assert.equal(exitCode, 0);
      const [, named = ""] = /^The image lacks programs that the start script needs: (.*)\.\n$/.exec(output) ?? [];
      assert.deepEqual(named.split(", ").sort(), [...missing].sort(), output);
      assert.ok(!poor.listenerRan);
    });
  }

  it("names what it lacks to download an agent only where one is to be downloaded", async () => {
    const commands = neededCommands.filter((name) => !["tar", "gzip", "sha256sum"].includes(name));
    const { output } = await container({ startEnv: toDownload, commands }).run();
    assert.match(output, /the start script needs: tar, gzip, sha256sum, curl or wget\.\n$/);
    assert.match((await container({ ...withAgent, commands }).run()).output, /The listener ended/);
  });

  it("tells an image without glibc what it is, instead of starting an agent there", async () => {
    const { exitCode, output } = await container({ startEnv: toDownload, files: musl, commands: neededCommands }).run();
    assert.equal(exitCode, 0);
    assert.match(output, /^The image is built on musl instead of glibc, and the agent does not run on that\.\n$/);
  });

  it("tells it also where it brings an agent that is made for glibc", async () => {
    const wrong = container({ ...withAgent, files: musl });
    writeFileSync(join(wrong.root, "agent/bin/Agent.Listener"), madeFor("/lib64/ld-linux-x86-64.so.2"));
    const { output } = await wrong.run();
    assert.match(output, /built on musl/);
  });

  it("starts an agent there that is made for musl, and any where both are", async () => {
    assert.match((await container({ ...withAgent, files: musl }).run()).output, /The listener ended/);
    const both = container({ ...withAgent, files: { ...musl, ...glibc } });
    writeFileSync(join(both.root, "agent/bin/Agent.Listener"), madeFor("/lib64/ld-linux-x86-64.so.2"), { mode: 0o755 });
    assert.doesNotMatch((await both.run()).output, /built on musl/);
  });

  it("works in an image that has no temporary folder, and starts nothing where nothing can be written", async () => {
    const nowhere = { EPHEMERAL_STATE: "/proc/none", TMPDIR: "/proc/none" };
    const { exitCode, output } = await container({ ...withAgent, environment: nowhere }).run();
    assert.equal(exitCode, 0);
    assert.match(output, /no folder that can be written, so no agent is started/);
    const started = container({ ...withAgent, environment: { TMPDIR: "/proc/none" } });
    assert.match((await started.run()).output, /The listener ended/);
  });
});

describe("the start script, with the user's authorities", () => {
  const container = containers();
  const reads = 'cat "$SSL_CERT_FILE" >"$SEEN/authorities"';
  const withAgent = { baked: { "Agent.Listener": `${tellsAll}; ${reads}` } };

  for (const place of [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
    "/etc/ssl/ca-bundle.pem",
    "/var/lib/ca-certificates/ca-bundle.pem",
    "/etc/ssl/cert.pem",
  ]) {
    it(`keeps those that the image has in ${place}`, async () => {
      const started = container({ ...withAgent, files: { [place]: "of the image\n" } });
      writeFileSync(join(started.startFiles, "ca.pem"), "of the user\n");
      const { output } = await started.run();
      assert.equal(started.read("seen/authorities"), "of the image\nof the user\n", output);
    });
  }

  it("keeps those that the image names in variables, and has one of several links only once", async () => {
    const usual = "/etc/pki/tls/certs/ca-bundle.crt";
    const started = container({
      ...withAgent,
      files: { [usual]: "of the image", "/opt/company.pem": "of the company" },
    });
    writeFileSync(join(started.startFiles, "ca.pem"), "of the user\n");
    await started.run({
      CURL_CA_BUNDLE: join(started.image, usual),
      NODE_EXTRA_CA_CERTS: join(started.image, "opt/company.pem"),
      GIT_SSL_CAINFO: "/opt/nothing.pem",
    });
    assert.equal(started.read("seen/authorities"), "of the image\nof the company\nof the user\n");
  });

  it("says so when the image has none", async () => {
    const started = container({ ...withAgent, files: { "/etc/other": "" } });
    writeFileSync(join(started.startFiles, "ca.pem"), "of the user\n");
    const { output } = await started.run();
    assert.match(output, /The image has no authorities of its own, so only those of agentCaBundle are trusted/);
    assert.equal(started.read("seen/authorities"), "of the user\n");
  });

  it("leaves the image's alone when the user has none", async () => {
    const started = container({ baked: { "Agent.Listener": tellsAll }, files: { "/etc/ssl/cert.pem": "x" } });
    await started.run({ SSL_CERT_FILE: "/etc/mine.pem" });
    rmSync(join(started.state, "authorities.pem"), { force: true });
    assert.ok(started.read("seen/environment").split("\0").includes("SSL_CERT_FILE=/etc/mine.pem"));
  });
});
