import assert from "node:assert/strict";
import { parseImageReference } from "../../../simulator/registry/image-reference.ts";
import { account, basic, bearer, field, openRegistry, type Stand } from "./registry-fixture.ts";

describe("the simulated registry", () => {
  let stand: Stand;
  before(async () => {
    stand = await openRegistry();
  });
  after(() => stand.sites.close());

  it("gives Azure its public images for anybody, and the private one for an account only", () => {
    const { registry } = stand;
    assert.equal(registry.pull(registry.image)?.agentBaked, false);
    assert.equal(registry.pull(registry.bakedImage)?.agentBaked, true);
    assert.equal(registry.pull(registry.privateImage), undefined);
    assert.equal(registry.pull(registry.privateImage, account)?.reference, registry.privateImage);
  });

  it("refuses a wrong password, even for a public image", () => {
    assert.equal(stand.registry.pull(stand.registry.image, { ...account, password: "wrong" }), undefined);
  });

  it("takes a service principal by its id and secret, and a managed identity by itself, if they may pull", () => {
    const { registry, puller, stranger } = stand;
    const pull = (username: string, password: string) => registry.pull(registry.privateImage, { username, password });
    assert.ok(pull(puller.appId, puller.secret));
    assert.equal(pull(puller.appId, "wrong"), undefined);
    assert.equal(pull(stranger.appId, stranger.secret), undefined);
    assert.ok(registry.pull(registry.privateImage, puller));
    assert.equal(registry.pull(registry.privateImage, stranger), undefined);
  });

  it("does not have what it was not given", () => {
    assert.equal(stand.registry.pull(`${stand.registry.server}/no-such-image:latest`), undefined);
    assert.equal(stand.registry.pull("azure-pipelines-agent:latest"), undefined, "that one would be on Docker Hub");
  });

  it("has every image under its digest too", () => {
    const { registry } = stand;
    const digest = registry.digest(registry.privateImage);
    assert.match(digest, /^sha256:[0-9a-f]{64}$/);
    const reference = `${registry.server}/private/azure-pipelines-agent@${digest}`;
    assert.equal(registry.pull(reference, account)?.reference, registry.privateImage);
    assert.equal(registry.pull(reference), undefined);
    assert.notEqual(registry.digest(registry.image), digest);
  });

  it("lets a client sign in with Basic", async () => {
    assert.equal((await stand.get("/v2/", basic(account.username, account.password))).status, 200);
    const refused = await stand.get("/v2/");
    assert.equal(refused.status, 401);
    const { server } = stand.registry;
    const challenge = `Bearer realm="https://${server}/oauth2/token",service="${server}"`;
    assert.equal(refused.headers["www-authenticate"], challenge);
  });

  const manifest = (repository: string, name = "latest") => `/v2/${repository}/manifests/${name}`;
  const anonymous = (repository: string) =>
    stand.get(`/oauth2/token?service=${stand.registry.server}&scope=repository:${repository}:pull`);

  it("challenges for every manifest, and gives anybody a token for a public one", async () => {
    const challenged = await stand.get(manifest("azure-pipelines-agent"));
    assert.equal(challenged.status, 401);
    assert.match(String(challenged.headers["www-authenticate"]), /,scope="repository:azure-pipelines-agent:pull"$/);
    const token = field(await anonymous("azure-pipelines-agent"), "access_token");
    const read = await stand.get(manifest("azure-pipelines-agent"), bearer(token));
    assert.equal(read.status, 200);
    assert.equal(read.headers["docker-content-digest"], stand.registry.digest(stand.registry.image));
    const found = await stand.get(manifest("azure-pipelines-agent"), bearer(token), "HEAD");
    assert.deepEqual([found.status, found.text], [200, ""]);
    assert.equal(found.headers["docker-content-digest"], read.headers["docker-content-digest"]);
  });

  it("gives nobody a token for what they may not pull", async () => {
    assert.equal((await anonymous("private/azure-pipelines-agent")).status, 401);
    const token = field(await anonymous("azure-pipelines-agent"), "access_token");
    assert.equal((await stand.get(manifest("private/azure-pipelines-agent"), bearer(token))).status, 401);
    const asked = `/oauth2/token?service=${stand.registry.server}&scope=repository:azure-pipelines-agent:push`;
    assert.equal((await stand.get(asked, basic(account.username, account.password))).status, 401);
    assert.equal((await stand.get(asked.replace("localhost", "elsewhere"))).status, 400);
  });

  it("takes Basic for a manifest, and says when there is none", async () => {
    const headers = basic(account.username, account.password);
    assert.equal((await stand.get(manifest("private/azure-pipelines-agent"), headers)).status, 200);
    const tag = await stand.get(manifest("private/azure-pipelines-agent", "no-such-tag"), headers);
    assert.deepEqual([tag.status, /"code":"MANIFEST_UNKNOWN"/.test(tag.text)], [404, true]);
    const repository = await stand.get(manifest("no-such-image"), headers);
    assert.deepEqual([repository.status, /"code":"NAME_UNKNOWN"/.test(repository.text)], [404, true]);
    assert.equal((await stand.get("/v2/azure-pipelines-agent/tags/list", headers)).status, 501);
  });

  it("tells an image's processor before it is pulled", async () => {
    const { registry } = stand;
    const reference = `${registry.server}/arm:latest`;
    registry.add({
      reference,
      pullable: "anonymous",
      agentBaked: false,
      environment: { A: "b" },
      architecture: "arm64",
    });
    const headers = basic(account.username, account.password);
    const { config } = (await stand.get(manifest("arm"), headers)).json() as { config: { digest: string } };
    const read = (await stand.get(`/v2/arm/blobs/${config.digest}`, headers)).json() as Record<string, unknown>;
    assert.deepEqual([read.architecture, read.os], ["arm64", "linux"]);
    assert.equal((await stand.get("/v2/arm/blobs/sha256:0", headers)).status, 404);
  });
});

describe("an image reference", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  for (const [text, registry, repository, version] of [
    ["ubuntu", "docker.io", "library/ubuntu", "latest"],
    ["org/agent:1.2", "docker.io", "org/agent", "1.2"],
    ["contoso.azurecr.io/team/agent", "contoso.azurecr.io", "team/agent", "latest"],
    ["localhost:5000/agent:v1", "localhost:5000", "agent", "v1"],
    [`contoso.azurecr.io/agent@${digest}`, "contoso.azurecr.io", "agent", digest],
  ] as const) {
    it(`${text} is ${repository} at ${registry}`, () => {
      assert.deepEqual(parseImageReference(text), { registry, repository, version });
    });
  }
  for (const text of [
    "",
    "https://contoso.azurecr.io/agent",
    "contoso.azurecr.io/Agent",
    "agent:",
    "a b",
    "agent@sha256:1",
  ]) {
    it(`${JSON.stringify(text)} is none`, () => assert.equal(parseImageReference(text), undefined));
  }
});
