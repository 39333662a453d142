import assert from "node:assert/strict";
import { createSites, type OpenSite, type Sites } from "../../../simulator/http/sites.ts";
import { parseImageReference } from "../../../simulator/registry/image-reference.ts";
import { createRegistry, type Registry } from "../../../simulator/registry/registry.ts";
import { ask } from "../http/client.ts";

const account = { username: "puller", password: "pull-secret" };

describe("the simulated registry", () => {
  let sites: Sites;
  let site: OpenSite;
  let registry: Registry;

  before(async () => {
    sites = await createSites();
    site = await sites.open("registry");
    registry = createRegistry(site, [account]);
  });
  after(() => sites.close());

  it("gives its public images to anybody, and the private one to an account only", () => {
    assert.equal(registry.pull(registry.image)?.agentBaked, false);
    assert.equal(registry.pull(registry.bakedImage)?.agentBaked, true);
    assert.equal(registry.pull(registry.privateImage), undefined);
    assert.equal(registry.pull(registry.privateImage, account)?.reference, registry.privateImage);
  });

  it("refuses a wrong password, even for a public image", () => {
    assert.equal(registry.pull(registry.image, { ...account, password: "wrong" }), undefined);
  });

  it("does not have what it was not given", () => {
    assert.equal(registry.pull(`${registry.server}/no-such-image:latest`), undefined);
    assert.equal(registry.pull("azure-pipelines-agent:latest"), undefined, "that one would be on Docker Hub");
  });

  it("answers a client's manifest requests over HTTPS by the same rules", async () => {
    const authorization = `Basic ${Buffer.from(`${account.username}:${account.password}`).toString("base64")}`;
    const status = async (path: string, headers = {}) =>
      (await ask(sites.caFile, `${site.origin}/v2${path}`, { headers })).status;
    assert.equal(await status("/"), 401);
    assert.equal(await status("/", { authorization }), 200);
    assert.equal(await status("/azure-pipelines-agent/manifests/latest"), 200);
    assert.equal(await status("/private/azure-pipelines-agent/manifests/latest"), 401);
    assert.equal(await status("/private/azure-pipelines-agent/manifests/latest", { authorization }), 200);
    assert.equal(await status("/no-such-image/manifests/latest", { authorization }), 404);
    assert.equal(await status("/azure-pipelines-agent/tags/list"), 501);
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
