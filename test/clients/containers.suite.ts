// The clients that others run container groups with.
import assert from "node:assert/strict";
import type { ReadyFile } from "../../simulator/ready-file.ts";
import { ForeignClient, languages } from "./foreign-client.ts";
import { ownSimulator } from "./own-simulator.ts";

interface Group {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly properties: {
    readonly provisioningState: string;
    readonly instanceView?: { readonly state: string };
    readonly containers: readonly {
      readonly properties: { readonly instanceView?: { readonly currentState?: { readonly state: string } } };
    }[];
  };
}

interface Usage {
  readonly name: { readonly value: string };
  readonly currentValue: number;
  readonly limit: number;
}

const container = "main";

function groupOf({ location, subnetId, image }: ReadyFile, script: string, part: object = {}): object {
  const resources = { requests: { cpu: 1, memoryInGB: 1 } };
  const properties = { image, command: ["/bin/bash", "-c", script], resources, ...part };
  return {
    location,
    tags: { made: "by a test" },
    properties: {
      osType: "Linux",
      restartPolicy: "Never",
      subnetIds: [{ id: subnetId }],
      containers: [{ name: container, properties }],
    },
  };
}

const stateOf = ({ properties }: Group): string | undefined => properties.instanceView?.state;
const sleep = "echo said by the container; exec sleep 600";

const simulator = ownSimulator();

async function signedIn(language: ForeignClient["language"], part: object = {}): Promise<ForeignClient> {
  const { caFile, arm, authority, tenantId, subscriptionId, clientId, clientSecret } = simulator();
  const client = await new ForeignClient(language, caFile).introduce();
  const account = { arm, authority, tenantId, subscriptionId, clientId, clientSecret, ...part };
  await client.call("containers.signIn", account);
  return client;
}

for (const language of languages) {
  describe(`Container groups, seen by their ${language} client,`, () => {
    let owner: ForeignClient;
    before(async () => {
      const { administratorClientId: clientId, administratorClientSecret: clientSecret } = simulator();
      owner = await signedIn(language, { clientId, clientSecret });
    });
    after(() => owner.close());

    const at = (name: string) => ({
      resourceGroup: simulator().resourceGroup,
      name: `${name}-${language.toLowerCase()}`,
    });

    it("live from creation to deletion", async () => {
      const { resourceGroup, location } = simulator();
      const here = at("life");
      const created = await owner.call<Group>("containers.create", { ...here, group: groupOf(simulator(), sleep) });
      assert.equal(created.properties.provisioningState, "Succeeded");
      const read = await owner.until<Group>("containers.get", here, (group) => stateOf(group) === "Running");
      assert.equal(read.properties.containers[0]?.properties.instanceView?.currentState?.state, "Running");
      const listed = await owner.call<Group[]>("containers.list", { resourceGroup });
      assert.deepEqual(
        listed.map(({ name }) => name),
        [here.name],
      );
      assert.equal(listed[0] && stateOf(listed[0]), undefined, "a list shows no instance view");
      assert.equal((await owner.call<Group[]>("containers.list")).length, 1);
      const { content } = await owner.until<{ content?: string }>(
        "containers.logs",
        { ...here, container },
        (logs) => logs.content !== undefined && logs.content !== "",
      );
      assert.equal(content, "said by the container\n");
      const tagged = await owner.call<Group>("containers.tag", { ...here, tags: { made: "by another" } });
      assert.deepEqual(tagged.tags, { made: "by another" });
      await owner.call("containers.stop", here);
      await owner.until<Group>("containers.get", here, (group) => stateOf(group) === "Stopped");
      await owner.call("containers.start", here);
      await owner.until<Group>("containers.get", here, (group) => stateOf(group) === "Running");
      await owner.call("containers.restart", here);
      await owner.until<Group>("containers.get", here, (group) => stateOf(group) === "Running");
      const usages = await owner.call<Usage[]>("containers.usages", { location });
      const groups = usages.find(({ name }) => name.value === "ContainerGroups");
      assert.equal(groups?.currentValue, 1);
      assert.ok((groups?.limit ?? 0) > 0);
      await owner.call("containers.delete", here);
      const gone = await owner.refused("containers.get", here);
      // The provider itself still answers for a while, then Azure Resource Manager does.
      assert.match(gone.code ?? "", /^(ContainerGroup|Resource)NotFound$/);
      assert.equal(gone.status, 404);
      assert.deepEqual(await owner.call("containers.list", { resourceGroup }), []);
      await owner.call("containers.delete", here);
    });

    it("are created, watched and deleted with the least rights that the product needs", async () => {
      const deployer = await signedIn(language);
      try {
        const here = at("least");
        const created = await deployer.call<Group>("containers.create", {
          ...here,
          group: groupOf(simulator(), sleep),
        });
        assert.equal(created.properties.provisioningState, "Succeeded");
        const refusal = await deployer.refused("containers.list");
        assert.equal(refusal.code, "AuthorizationFailed");
        assert.equal(refusal.status, 403);
        await deployer.call("containers.delete", here);
      } finally {
        await deployer.close();
      }
    });

    it("say what is refused: an image, a group, a container that are not there", async () => {
      const { registryServer } = simulator();
      const image = { image: `${registryServer}/no-such-image:1` };
      const group = groupOf(simulator(), sleep, image);
      const inaccessible = await owner.refused("containers.create", { ...at("no-image"), group });
      assert.equal(inaccessible.code, "InaccessibleImage");
      assert.equal(inaccessible.status, 400);
      for (const method of ["containers.get", "containers.stop", "containers.start", "containers.restart"]) {
        const refusal = await owner.refused(method, at("none"));
        assert.equal(refusal.status, 404, method);
        assert.equal(refusal.code, "ResourceNotFound", method);
      }
      const logs = await owner.refused("containers.logs", { ...at("none"), container });
      assert.equal(logs.status, 404);
    });

    it("are not for somebody with a wrong secret", async () => {
      const stranger = await signedIn(language, { clientSecret: "wrong" });
      try {
        const refusal = await stranger.refused("containers.list");
        const types = { Go: "AuthenticationFailedError", Python: "ClientAuthenticationError" };
        assert.equal(refusal.type, types[language]);
        assert.match(refusal.message, /AADSTS7000215/);
      } finally {
        await stranger.close();
      }
    });
  });
}
