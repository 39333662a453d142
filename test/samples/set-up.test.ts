import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { folderFiles } from "../../simulator/pipeline-runner/templates/template-files.ts";
import { readPipeline } from "../../simulator/pipeline-runner/yaml/read-pipeline.ts";

const setup = fileURLToPath(new URL("../../samples/setup/", import.meta.url));

describe("The set-up scripts with --dry-run", () => {
  const folder = mkdtempSync(join(tmpdir(), "set-up-"));
  const asked = join(folder, "asked");
  before(() => {
    // An Azure CLI that only tells that it was called.
    writeFileSync(join(folder, "az"), `#!/bin/sh\necho "$@" >>'${asked}'\nexit 1\n`);
    chmodSync(join(folder, "az"), 0o755);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function run(script: string, ...words: string[]) {
    const { SUBSCRIPTION_ID: _, SERVICE_PRINCIPAL_OBJECT_ID: __, ...rest } = process.env;
    const env = { ...rest, PATH: `${folder}${delimiter}${rest.PATH ?? ""}` };
    return spawnSync("bash", [join(setup, script), ...words], { env, encoding: "utf8" });
  }

  it("print every command that would make something, and ask nobody", () => {
    const { status, stdout, stderr } = run("set-up.sh", "--dry-run");
    assert.equal(status, 0, stderr);
    const commands = [
      ...["provider register", "group create", "network public-ip create", "network nat gateway create"],
      ...["network nsg create", "network vnet create", "network vnet subnet create", "acr create", "identity create"],
      ...["storage account create", "storage container-rm create", "network private-endpoint create"],
      ...["network private-dns zone create", "role definition create", "role assignment create"],
    ];
    assert.deepEqual(
      commands.filter((command) => !stdout.includes(`\naz ${command} `)),
      [],
    );
    assert.ok(!existsSync(asked), "the Azure CLI was called");
  });

  it("print what would be taken away, and ask nobody", () => {
    const { status, stdout, stderr } = run("tear-down.sh", "--dry-run");
    assert.equal(status, 0, stderr);
    assert.deepEqual(
      [...stdout.matchAll(/^az group delete --name (\S+) --yes$/gm)].map(([, group]) => group),
      ["rg-shop-agents", "rg-shop-network", "rg-shop-platform"],
    );
    assert.match(stdout, /^az role definition delete --name 'Ephemeral Agents Network'$/m);
    assert.ok(!existsSync(asked), "the Azure CLI was called");
  });

  it("keep the storage account from everybody but the agents", () => {
    const { stdout } = run("set-up.sh", "--dry-run");
    assert.match(stdout, /^az storage account create .*--public-network-access Disabled/m);
    assert.match(stdout, /--nsg-name nsg-workload --name allow-agents .*--source-address-prefixes 10\.40\.2\.0\/24 /);
    assert.match(stdout, /--nsg-name nsg-workload --name deny-all .*--access Deny /);
    assert.match(stdout, /--name snet-workload .*--private-endpoint-network-policies NetworkSecurityGroupEnabled/);
  });

  it("write both pipelines with their own values, ready to run from one folder", () => {
    const pipelines = join(folder, "pipelines");
    const identity =
      "/subscriptions/1/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-own";
    const values = {
      ...{
        SERVICE_CONNECTION: "own-connection",
        AGENT_POOL: "own-pool",
        AGENTS_GROUP: "rg-own",
        NETWORK_GROUP: "rg-net",
      },
      ...{
        VNET: "vnet-own",
        AGENTS_SUBNET: "snet-own",
        STORAGE_ACCOUNT: "ownstore",
        STORAGE_CONTAINER: "own-container",
      },
      ...{ registry_server: "own.azurecr.io", identity_id: identity, PIPELINES: pipelines, dry_run: "false" },
    };
    const words = ["-euo", "pipefail", "-c", `say() { :; }; source '${join(setup, "pipelines.sh")}'`];
    const { status, stderr } = spawnSync("bash", words, { env: { ...process.env, ...values }, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    for (const name of ["check.yml", "deploy.yml"]) {
      const yaml = readFileSync(join(pipelines, name), "utf8");
      const files = { self: folderFiles(pipelines), path: name, repository: () => undefined };
      assert.ok(readPipeline(yaml, { files }).stages.length > 0);
      assert.doesNotMatch(yaml, /YOUR-|00000000|contoso|shopdata|rg-network/);
      assert.match(yaml, /^ {2}azureConnection: own-connection$/m);
      assert.ok(yaml.includes(`\n  agentIdentity: ${identity}\n`));
    }
  });

  it("refuse any other option", () => {
    const { status, stderr } = run("set-up.sh", "--force");
    assert.equal(status, 2);
    assert.match(stderr, /^Usage: .*\[--dry-run\]/);
  });

  it("stop when the Azure CLI fails, telling nothing wrong as not there", () => {
    const { status, stdout } = run("tear-down.sh");
    assert.notEqual(status, 0);
    assert.doesNotMatch(stdout, /^az .*delete/m);
  });
});
