import assert from "node:assert/strict";
import { stringify } from "yaml";
import type { Pipeline } from "../task/scenario/pipeline-run.ts";
import { type GroupSpec, lab, logOf } from "./lab.ts";

const name = "eph-by-itself";
describe("a real container that registers its agent itself", () => {
  const opened = lab({ organization: { lockMs: 4_000 } });

  /** As the predecessor's images are told, and Microsoft's. */
  const spec = (changes: Partial<GroupSpec> = {}): GroupSpec => {
    const { simulator } = opened();
    const { ready } = simulator;
    return {
      name,
      image: ready.bakedImage,
      subnetId: simulator.subnetId,
      identities: [opened().selfDeletingIdentity()],
      secrets: { AZP_TOKEN: ready.pat },
      ...changes,
      environment: {
        AZP_URL: ready.organizationUrl,
        AZP_POOL: ready.pool,
        AZP_AGENT_NAME: name,
        AZP_WORK: "/azp/_work",
        AZ_ACI_NAME: name,
        AZ_ACI_RG: ready.resourceGroup,
        AZ_SUBSCRIPTION_ID: ready.subscriptionId,
        AZ_MANAGED_IDENTITY: "true",
        AZ_RESOURCE_MANAGER: ready.arm,
        EPHEMERAL_RETRY_SECONDS: "1",
        ...changes.environment,
      },
    };
  };

  function deploy(script: string): Pipeline {
    const pool = { name: opened().simulator.ready.pool, demands: `Agent.Name -equals ${name}` };
    return opened().pipeline(
      stringify({ trigger: "none", jobs: [{ job: "deploy", pool, steps: [{ checkout: "none" }, { bash: script }] }] }),
    );
  }

  const online = (): Promise<unknown> =>
    opened().simulator.requests.answered(
      ({ method, url, status }) => method === "POST" && url.endsWith("/sessions") && status === 200,
    );
  const isDelete = ({ method, url }: { method: string; url: string }): boolean =>
    method === "DELETE" && url.includes("/containerGroups/");
  /** Its group and its record are gone, and it asked for that itself. */
  async function goneByItself(): Promise<void> {
    const { simulator } = opened();
    const { caller } = await simulator.requests.answered(isDelete);
    assert.equal(caller, "id-self-delete");
    assert.equal(simulator.requests.entries.filter(isDelete).length, 1);
    opened().assertNothingLeft();
  }

  /** Everything a job could think of. It finds nothing when it prints nothing that begins with `found`. */
  const search = (token: string): string => {
    const halves = `${token.slice(0, 10)}''${token.slice(10)}`;
    return `
      id -un
      for file in /proc/[0-9]*/environ /proc/[0-9]*/cmdline; do
        tr '\\0' '\\n' <$file 2>/dev/null | grep -q ${halves} && echo "found in $file"
      done
      env | grep -q ${halves} && echo found in the environment
      grep -rlsI ${halves} / --exclude-dir=proc --exclude-dir=sys --exclude-dir=_temp | sed 's/^/found in /'
      echo searched`;
  };

  for (const [image, what] of [
    ["", "from an image that starts as root"],
    ["non-root", "from an image that starts as another user"],
  ] as const) {
    it(`runs a job, unregisters and deletes its group, ${what}; the job finds no token`, async () => {
      const { simulator } = opened();
      const reference = image === "" ? simulator.ready.bakedImage : `${simulator.registry.server}/${image}:latest`;
      const group = await opened().put(spec({ image: reference }));
      await online();
      const report = await deploy(search(simulator.ready.pat)).done;
      assert.equal(report.result, "succeeded", group.deployment.log.read());
      assert.match(logOf(report, "deploy"), /^agent$[\s\S]*^searched$/m);
      assert.doesNotMatch(logOf(report, "deploy"), /^found/m);
      await goneByItself();
      assert.ok(!group.deployment.log.read().includes(simulator.ready.pat));
    });
  }

  it("takes its token from a file that the job cannot read, although it is mounted read-only", async () => {
    const { simulator } = opened();
    const volumes = [{ name: "token", secret: { token: Buffer.from(simulator.ready.pat).toString("base64") } }];
    const mounts = [{ name: "token", mountPath: "/mnt/secrets/token" }];
    const environment = { AZP_TOKEN_FILE: "/mnt/secrets/token/token" };
    await opened().put(spec({ secrets: {}, volumes, mounts, environment }));
    await online();
    const report = await deploy(`cat /mnt/secrets/token/token; ${search(simulator.ready.pat)}`).done;
    assert.match(logOf(report, "deploy"), /Permission denied[\s\S]*^searched$/m);
    assert.doesNotMatch(logOf(report, "deploy"), /^found/m);
    await goneByItself();
  });

  it("serves no second job when it crashes in the first, and still cleans up after itself", async () => {
    const volumes = [{ name: "ephemeral-state", emptyDir: {} }];
    const mounts = [{ name: "ephemeral-state", mountPath: "/mnt/ephemeral-state" }];
    const group = await opened().put(spec({ volumes, mounts, environment: { EPHEMERAL_LINGER_SECONDS: "0" } }));
    await online();
    const run = deploy("echo started; sleep 600");
    await run.line("deploy", /^started$/);
    await group.deployment.crash();
    assert.equal((await run.done).result, "failed");
    await goneByItself();
    assert.equal(group.deployment.view?.restartCount, 1);
    assert.match(group.deployment.log.read(), /No second one is taken[\s\S]*job still runs[\s\S]*is unregistered/);
  });

  it("replaces nobody of its name, and goes", async () => {
    const { simulator } = opened();
    simulator.organization.addPlaceholder(simulator.ready.pool);
    const taken = simulator.organization.agents()[0]?.name ?? "";
    const environment = { AZP_AGENT_NAME: taken, EPHEMERAL_LINGER_SECONDS: "0" };
    const group = await opened().put(spec({ environment }));
    await goneByItself();
    assert.match(group.deployment.log.read(), /already contains an agent[\s\S]*could not be registered/);
    assert.deepEqual(
      simulator.organization.agents().map(({ name: each, status }) => ({ each, status })),
      [{ each: taken, status: "offline" }],
    );
  });

  it("unregisters when it is told to stop", async () => {
    const { simulator } = opened();
    const environment = { AZ_ACI_NAME: "", AZ_ACI_RG: "", AZ_SUBSCRIPTION_ID: "" };
    const group = await opened().put(spec({ environment }));
    await online();
    await opened().signal("TERM");
    await group.when(({ state }) => state === "Succeeded");
    assert.deepEqual(simulator.leftBehind().agents, []);
  });
});
