import assert from "node:assert/strict";
import { apiVersion, plainGroup, type Stand, startStand } from "../azure-fixture.ts";

interface View {
  readonly zones?: readonly string[];
  readonly properties: Record<string, unknown> & {
    readonly containers: readonly { readonly properties: Record<string, unknown> }[];
  };
}

describe("a container group with what the product does not use, or uses on request", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  const share = { shareName: "cache", storageAccountName: "shopdata", storageAccountKey: "c2VjcmV0" };
  const ended = (name: string) => stand.arm.containerGroup(name).when(({ state }) => state === "Succeeded");
  const read = async (name: string) => stand.call(`${stand.groupsPath}/${name}?${apiVersion}`);

  it("is accepted and shown as recorded, without the keys", async () => {
    const ports = [{ protocol: "TCP", port: 8080 }];
    const probe = { httpGet: { path: "/", port: 8080 }, periodSeconds: 5 };
    const body = plainGroup(
      stand,
      {
        subnetIds: [],
        ipAddress: { type: "Public", dnsNameLabel: "shop", ports },
        diagnostics: { logAnalytics: { workspaceId: "workspace", workspaceKey: "canary-key" } },
        volumes: [
          { name: "share", azureFile: share },
          { name: "clone", gitRepo: { repository: "https://example.com/a.git", directory: "." } },
        ],
      },
      { ports, livenessProbe: probe, configMap: { keyValuePairs: { key: "value" } } },
      { zones: ["1"] },
    );
    const put = await stand.put("everything", body);
    assert.equal(put.status, 201, put.text);
    await stand.arm.containerGroup("everything").when(({ state }) => state === "Running");
    const answer = await read("everything");
    assert.doesNotMatch(answer.text + put.text, /canary-key|c2VjcmV0/);
    const { zones, properties } = answer.json() as View;
    assert.deepEqual(zones, ["1"]);
    assert.deepEqual(properties.diagnostics, { logAnalytics: { workspaceId: "workspace" } });
    assert.deepEqual(properties.volumes, [
      { name: "share", azureFile: { shareName: "cache", storageAccountName: "shopdata" } },
      { name: "clone", gitRepo: { repository: "https://example.com/a.git", directory: "." } },
    ]);
    const { ip, ...address } = properties.ipAddress as Record<string, unknown>;
    assert.match(String(ip), /^203\.0\.113\.\d+$/);
    assert.deepEqual(address, {
      ...{ type: "Public", ports, dnsNameLabel: "shop" },
      fqdn: `shop.${stand.location}.azurecontainer.io`,
    });
    const container = properties.containers[0]?.properties ?? {};
    assert.deepEqual(
      [container.ports, container.livenessProbe, container.configMap],
      [ports, probe, { keyValuePairs: { key: "value" } }],
    );
  });

  it("has a file share that it writes to, and that the next group finds as it was left", async () => {
    const group = (script: string) =>
      plainGroup(
        stand,
        { volumes: [{ name: "share", azureFile: share }] },
        {
          command: ["/bin/bash", "-c", script, "sh", "/mnt/cache/left"],
          volumeMounts: [{ name: "share", mountPath: "/mnt/cache" }],
        },
      );
    await stand.put("writer", group('echo "from the first" > "$1"'));
    await ended("writer");
    await stand.call(`${stand.groupsPath}/writer?${apiVersion}`, { method: "DELETE" });
    await stand.put("reader", group('cat "$1"'));
    await ended("reader");
    assert.equal(stand.arm.containerGroup("reader").deployment.log.read(), "from the first\n");
  });

  it("has its lines in the workspace of its diagnostics, under the container's name", async () => {
    const logAnalytics = { workspaceId: "workspace-1", workspaceKey: "a2V5" };
    const body = plainGroup(stand, { diagnostics: { logAnalytics } }, { command: ["/bin/bash", "-c", "echo told"] });
    await stand.put("diagnosed", body);
    await ended("diagnosed");
    const lines = stand.arm.workspaces.lines("workspace-1");
    assert.deepEqual(
      lines.map(({ containerGroup, container, message }) => [containerGroup, container, message]),
      [["diagnosed", "agent", "told"]],
    );
  });

  it("is refused without the key of its share or workspace", async () => {
    const { storageAccountKey: _, ...keyless } = share;
    for (const properties of [
      { volumes: [{ name: "share", azureFile: keyless }] },
      { diagnostics: { logAnalytics: { workspaceId: "workspace" } } },
    ]) {
      assert.equal((await stand.put("keyless", plainGroup(stand, properties))).status, 400);
    }
  });
});
