// A container of a standby pool: it waits for a package, and opens what the task has sealed.
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { seal } from "../../EphemeralAgentTask/src/azure/standby/seal-agent-files.ts";
import {
  agentFiles,
  type Container,
  type ContainerOptions,
  containers,
  neededCommands,
  tellsAll,
} from "./fixture/local-container.ts";

const isRoot = process.getuid?.() === 0;
const script = fileURLToPath(new URL("../../agent-image/standby.sh", import.meta.url));
const standbyCommands = [...neededCommands, "mktemp", "openssl", "su"];
const name = "eph-100-abcdef";
const files = { ...agentFiles, "agent.json": `{ "agentName": "${name}" }`, "start.env": "IDLE_SECONDS=300\n" };

/** The key pair of a pool, as the set-up makes it. */
function poolKey(): { readonly publicKey: string; readonly privateKey: string } {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 3072 });
  return {
    publicKey: publicKey.export({ format: "der", type: "spki" }).toString("base64"),
    privateKey: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}

describe("the start script in a standby pool", () => {
  const container = containers();
  const key = poolKey();
  const sealed = (more: object = {}) => seal(key.publicKey, name, { ...files, ...more });

  /** A container that waits, as root may have it: its jobs run as another user. */
  function waiting(options: ContainerOptions = {}): Container {
    const { environment = { EPHEMERAL_AGENT_USER: isRoot ? "nobody" : "root" } } = options;
    const made = container({ baked: { "Agent.Listener": tellsAll }, ...options, environment });
    for (const file of [...Object.keys(agentFiles), "start.env"]) rmSync(join(made.startFiles, file));
    cpSync(script, join(made.startFiles, "standby.sh"));
    writeFileSync(join(made.startFiles, "standby.pem"), key.privateKey);
    mkdirSync(join(made.folder, "configmap/waiting"), { recursive: true });
    return made;
  }
  const configMap = (made: Container) => ({ EPHEMERAL_CONFIG_MAP: join(made.folder, "configmap") });
  const apply = (made: Container, text: string) =>
    writeFileSync(join(made.folder, "configmap/waiting/agent.sealed"), text);

  it("waits, and becomes the agent of the package that is applied then", async () => {
    const made = waiting();
    const started = made.start(configMap(made));
    await started.printed("Waiting in the standby pool for an agent.");
    assert.equal(made.listenerRan, false);
    apply(made, sealed());
    const { output } = await started.ended;
    assert.match(output, new RegExp(`Claimed for the agent ${name}\\.`));
    assert.equal(made.read("azp/agent/.agent"), files["agent.json"], output);
    assert.equal(made.read("azp/agent/.credentials_rsaparams"), files["rsaparams.json"]);
    for (const content of Object.values(agentFiles)) assert.ok(!output.includes(content));
    assert.ok(made.listenerRan, output);
  });

  it("waits on while only a part of the package is there", async () => {
    const made = waiting();
    apply(made, sealed().split("\n").slice(0, 4).join("\n"));
    const started = made.start(configMap(made));
    await started.printed("Waiting in the standby pool for an agent.");
    apply(made, sealed());
    const { output } = await started.ended;
    assert.ok(made.listenerRan, output);
  });

  it("counts its limits from the claim, however long it has waited", async () => {
    const made = waiting({ ownClock: true, baked: { "Agent.Listener": 'touch "$SEEN/ran"; exec sleep 600' } });
    made.setClock(1000);
    const started = made.start(configMap(made));
    await started.printed("Waiting in the standby pool for an agent.");
    made.setClock(100_000);
    apply(made, sealed());
    await made.made("seen/ran");
    assert.equal(made.read("state/first-second").split(" ")[0], "100000");
    await made.passTime(started.ended);
    assert.match((await started.ended).output, /No job came within 300 seconds\./);
  });

  const other = poolKey();
  const changed = (line: number) => {
    const lines = sealed().split("\n");
    lines[line] = lines[line]?.replace(/[A-Za-z0-9]/, (first) => (first === "A" ? "B" : "A")) ?? "";
    return lines.join("\n");
  };
  for (const [what, text, said] of [
    ["another pool's", () => seal(other.publicKey, name, files), /sealed for another key/],
    ["one whose name was changed", () => changed(1), /has been changed on its way/],
    ["one whose content was changed", () => changed(3), /has been changed on its way/],
    ["one whose seal was changed", () => changed(4), /has been changed on its way/],
    ["one that holds another agent's files", () => seal(key.publicKey, "eph-100-other", files), /files of another one/],
    ["one of another format", () => changed(0), /a format that this script does not know/],
  ] as const) {
    it(`does not open ${what}`, async () => {
      const made = waiting();
      apply(made, text());
      const { exitCode, output } = await made.run(configMap(made));
      assert.match(output, said);
      assert.equal(exitCode, 0);
      assert.equal(made.listenerRan, false);
    });
  }

  it("takes nothing out of a package but the files that it knows", async () => {
    const made = waiting();
    apply(made, sealed({ "../../escaped": "no", "entrypoint.sh": "no" }));
    const { output } = await made.run(configMap(made));
    assert.ok(made.listenerRan, output);
    assert.ok(!made.has("escaped"));
  });

  it("tells before it waits that the image lacks openssl", async () => {
    const made = waiting({ commands: standbyCommands.filter((each) => each !== "openssl") });
    const { output } = await made.run(configMap(made));
    assert.match(output, /lacks programs that the start script needs: openssl\./);
    assert.doesNotMatch(output, /Waiting/);
  });

  it("ends when it is asked to while it waits", async () => {
    const made = waiting();
    const started = made.start(configMap(made));
    await started.printed("Waiting in the standby pool for an agent.");
    started.kill("SIGTERM");
    assert.match((await started.ended).output, /asked to stop/);
  });

  it("drops a variable that tells of a secret, and takes its package all the same", async () => {
    const made = waiting();
    apply(made, sealed());
    const { output } = await made.run({ ...configMap(made), OF_THE_PROFILE_TOKEN: "canary-of-the-profile" });
    assert.ok(made.listenerRan, output);
    assert.doesNotMatch(made.read("seen/environment"), /canary-of-the-profile/);
  });

  if (isRoot) {
    const looks = ["start/standby.pem", "configmap/waiting/agent.sealed"].map(
      (path) => `cat "$AGENT/../../${path}" >>"$SEEN/read" 2>/dev/null`,
    );
    it("lets the job's user read neither the pool's key nor the package", async () => {
      const made = waiting({ baked: { "Agent.Listener": `touch "$SEEN/read"; ${looks.join("; ")}; exit 0` } });
      chmodSync(join(made.folder, "configmap"), 0o755);
      apply(made, sealed());
      const { output } = await made.run(configMap(made));
      assert.equal(made.read("seen/read"), "", output);
    });

    it("starts no agent when it cannot keep them from that user", async () => {
      const deaf = { chmod: 'case "$*" in *standby*|*start*) exit 1 ;; *) exec /bin/chmod "$@" ;; esac' };
      const made = waiting({ programs: deaf });
      writeFileSync(join(made.folder, "beside"), "");
      apply(made, sealed());
      const { output } = await made.run(configMap(made));
      assert.match(output, /user 'nobody' could read .*standby\.pem/);
      assert.equal(made.listenerRan, false);
    });

    it("starts none as root unless the image says so", async () => {
      const made = waiting({ environment: {}, commands: standbyCommands.filter((each) => each !== "su") });
      apply(made, sealed());
      const { output } = await made.run(configMap(made));
      assert.match(output, /starts as root and runs the agent as another user/);
    });
  }
});
