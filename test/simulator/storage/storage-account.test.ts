import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { blobDataContributor } from "../../../simulator/arm/authorization/built-in-roles.ts";
import { type Simulator, startSimulator } from "../../../simulator/start-simulator.ts";
import { azuriteProgram } from "../../../simulator/storage/install-azurite.ts";
import { storageResource } from "../../../simulator/storage/storage-account.ts";

const run = promisify(execFile);

describe("the private storage account", () => {
  let simulator: Simulator;
  let url: string;
  before(async function () {
    this.timeout(300_000);
    await azuriteProgram(console.log);
    simulator = await startSimulator();
    url = `https://${simulator.storageAccount.host}/deployments/`;
  });
  after(() => simulator?.stop());

  /** From a container of the subnet. @returns status, error code and content. */
  async function curl(token: string | undefined, args: readonly string[], subnetId = simulator.subnetId) {
    const seat = simulator.network.join(subnetId);
    const env = { PATH: process.env.PATH, CURL_CA_BUNDLE: simulator.caFile, ...seat.environment };
    const headers = ["x-ms-version: 2023-11-03", ...(token === undefined ? [] : [`Authorization: Bearer ${token}`])];
    const written = "%{stderr}%{http_code} %header{x-ms-error-code}";
    const words = ["-sS", "-m", "20", "-w", written, ...headers.flatMap((header) => ["-H", header]), ...args];
    try {
      const { stdout, stderr } = await run("curl", words, { env });
      const [status, code] = stderr.trim().split(" ");
      return { status: Number(status), code, stdout };
    } finally {
      seat.leave();
    }
  }

  /** A token as the metadata service would give it to a container with the identity. */
  async function tokenOf(identityId: string, resource = storageResource): Promise<string> {
    const principal = simulator.arm.identities.find(identityId);
    assert.ok(principal, identityId);
    return (await simulator.entra.tokens.issueVersionOne(principal, resource)).token;
  }
  const put = (name: string, content: string) => [
    ...["-X", "PUT", "-H", "x-ms-blob-type: BlockBlob", "--data-binary", content],
    url + name,
  ];
  /** Ids of resources that nobody in this test has rights on. */
  const stranger = (): string => simulator.pullIdentityId;

  it("has a storage server only once something is asked of it", async () => {
    const fresh = await startSimulator();
    assert.equal(fresh.storageAccount.started, false);
    await fresh.stop();
  });

  it("keeps, lists, overwrites and deletes blobs, for the identity that has the role", async () => {
    const token = await tokenOf(simulator.storageIdentityId());
    assert.equal((await curl(token, put("folder/one.txt", "first"))).status, 201);
    assert.equal((await curl(token, put("folder/one.txt", "second"))).status, 201);
    assert.equal((await curl(token, [`${url}folder/one.txt`])).stdout, "second");
    assert.match((await curl(token, ["-I", `${url}folder/one.txt`])).stdout, /^content-length: 6\r$/im);
    assert.match((await curl(token, [`${url}?restype=container&comp=list`])).stdout, /<Name>folder\/one\.txt<\/Name>/);
    const stored = await simulator.storageAccount.blobs("deployments");
    assert.deepEqual([...stored].map(String), ["folder/one.txt,second"]);
    assert.equal((await curl(token, ["-X", "DELETE", `${url}folder/one.txt`])).status, 202);
    assert.equal((await curl(token, [`${url}folder/one.txt`])).code, "BlobNotFound");
    assert.equal((await simulator.storageAccount.blobs("deployments")).size, 0);
  });

  it("shows in the request log who it was, and nothing of the token", async () => {
    await curl(await tokenOf(simulator.storageIdentityId()), put("logged", "content"));
    const entry = simulator.requests.entries.filter(({ site }) => site === "storage").at(-1);
    assert.deepEqual([entry?.method, entry?.status, entry?.caller], ["PUT", 201, "id-shop-agents"]);
  });

  it("refuses whoever lacks the role on that container, with the service's own code", async () => {
    const token = await tokenOf(stranger());
    const refused = { status: 403, code: "AuthorizationPermissionMismatch" };
    for (const args of [put("theirs", "content"), [`${url}theirs`], [`${url}?restype=container&comp=list`]]) {
      const { status, code } = await curl(token, args);
      assert.deepEqual({ status, code }, refused, args.join(" "));
    }
    const elsewhere = await curl(await tokenOf(simulator.storageIdentityId()), [
      ...put("x", "content").slice(0, -1),
      url.replace("deployments", "others"),
    ]);
    assert.notEqual(elsewhere.status, 201);
    const owner = await simulator.entra.tokens.issueVersionOne(simulator.administrator, storageResource);
    assert.equal((await curl(owner.token, put("theirs", "content"))).code, refused.code, "owners have no data actions");
    assert.ok(!(await simulator.storageAccount.blobs("deployments")).has("theirs"));
  });

  it("lets them in as soon as they have it, and no longer than they have it", async () => {
    const { arm, storageAccount } = simulator;
    const token = await tokenOf(stranger());
    const principalId = arm.identities.find(stranger())?.objectId ?? "";
    const takeBack = arm.access.assign({ principalId, role: blobDataContributor, scope: storageAccount.id });
    assert.equal((await curl(token, put("theirs", "content"))).status, 201);
    takeBack();
    assert.equal((await curl(token, [`${url}theirs`])).status, 403);
  });

  it("challenges who has no token for it, or one that is not the tenant's", async () => {
    const identity = simulator.storageIdentityId();
    const { status, code } = await curl(undefined, [`${url}release.json`]);
    assert.deepEqual([status, code], [401, "NoAuthenticationInformation"]);
    const good = await tokenOf(identity);
    const [header, , signature] = good.split(".");
    const [, claims] = (await tokenOf(stranger())).split(".");
    const bad = [await tokenOf(identity, simulator.armOrigin), `${header}.${claims}.${signature}`, "nonsense"];
    for (const token of bad) {
      const refused = await curl(token, [`${url}release.json`]);
      assert.deepEqual([refused.status, refused.code], [401, "InvalidAuthenticationInfo"]);
    }
  });

  it("is reached from the agents' virtual network only", async () => {
    const token = await tokenOf(simulator.storageIdentityId());
    const elsewhere = simulator.subnetId.replace("vnet-shop", "vnet-other");
    await assert.rejects(curl(token, [`${url}release.json`], elsewhere), /CONNECT tunnel failed, response 502/);
  });
});
