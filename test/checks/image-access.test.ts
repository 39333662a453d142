import assert from "node:assert/strict";
import type { ManifestAnswer } from "../../EphemeralAgentTask/src/checks/check-ports.ts";
import type { RegistryAccess } from "../../EphemeralAgentTask/src/ports/connections.ts";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { type Report, Setup } from "./healthy-setup.ts";

const server = "contoso.azurecr.io";
const password: RegistryAccess = { kind: "password", server, username: "user", password: "secret-of-the-registry" };
const identity: RegistryAccess = {
  kind: "identity",
  server,
  identityId:
    "/subscriptions/s/resourceGroups/rg-agents/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-agents",
};

const unreachable = new ServiceFault("Azure", "ENOTFOUND", `${server} does not answer: ENOTFOUND`, { kind: "silence" });
const walled = { kind: "walled", said: "DENIED: client with IP '203.0.113.7' is not allowed access." } as const;

function look(answer: ManifestAnswer | ServiceFault, registry?: RegistryAccess): Promise<Report> {
  const setup = new Setup();
  setup.registry.manifest = async () => {
    if (answer instanceof ServiceFault) throw answer;
    return answer;
  };
  if (registry) setup.inputs = { registry };
  return setup.check();
}

describe("A check of the image", () => {
  const cases: readonly [
    what: string,
    answer: ManifestAnswer | ServiceFault,
    access: RegistryAccess | undefined,
    level: "warning" | "wrong",
    ...words: RegExp[],
  ][] = [
    [
      "a tag that is not there",
      { kind: "missing", said: "MANIFEST_UNKNOWN: manifest tagged by 1" },
      undefined,
      "wrong",
      /contoso.azurecr.io\/agent:1 does not exist/,
      /MANIFEST_UNKNOWN/,
      /its tag 1: az acr repository show-tags --name contoso --repository agent$/,
    ],
    [
      "an image that is not public",
      { kind: "refused", said: "UNAUTHORIZED" },
      undefined,
      "wrong",
      /is not public/,
      /containerRegistry.*registryIdentity/,
    ],
    [
      "credentials that are refused",
      { kind: "refused", said: "UNAUTHORIZED" },
      password,
      "wrong",
      /is refused to containerRegistry/,
      /az role assignment create --assignee APP_ID --role AcrPull --scope "\$\(az acr show --name contoso /,
    ],
    [
      "a registry that does not answer",
      unreachable,
      password,
      "wrong",
      /registry contoso.azurecr.io does not answer/,
      /ENOTFOUND/,
      /registryIdentity/,
    ],
    [
      "a private endpoint without an identity",
      walled,
      password,
      "wrong",
      /lets nobody in from here/,
      /not allowed access/,
      /registryIdentity/,
    ],
    [
      "an exchange that is refused",
      new ServiceFault("Azure", "RegistryRefused", "answered 401", { status: 401 }),
      undefined,
      "wrong",
      /refuses to deliver the image/,
      /answered 401/,
    ],
  ];
  for (const [what, answer, access, level, ...words] of cases) {
    it(`tells of ${what}`, async () => {
      const report = await look(answer, access);
      assert.deepEqual(report.flaws, [`${level} image`], report.text);
      for (const word of words) assert.match(report.flaw("image"), word);
      assert.ok(!report.text.includes("secret-of-the-registry"));
    });
  }

  for (const [what, answer] of [
    ["a private endpoint", walled],
    ["a name that only the virtual network knows", unreachable],
    ["what is not public", { kind: "refused", said: "UNAUTHORIZED" }],
  ] as const) {
    it(`does not check ${what} that only an identity can pull from`, async () => {
      const report = await look(answer, identity);
      assert.deepEqual(report.flaws, [], report.text);
      assert.equal(report.code, "succeeded");
      const [line] = report.of("not checked");
      assert.match(
        line ?? "",
        /^image +contoso\.azurecr\.io\/agent:1: only the identity id-agents can pull it; .*AcrPull/,
      );
    });
  }

  it("speaks of Azure Container Registry only where there is one", async () => {
    for (const image of ["contoso/agent:1", "ghcr.io/contoso/agent:1"]) {
      const setup = new Setup();
      setup.registry.manifest = async () => ({ kind: "missing", said: "MANIFEST_UNKNOWN" });
      setup.inputs = { image };
      const told = (await setup.check()).flaw("image");
      assert.match(told, /Check imageName and its tag 1\.$/);
    }
  });

  it("takes an image that anybody may pull, whoever will", async () => {
    const found = { kind: "found", digest: `sha256:${"a".repeat(64)}` } as const;
    for (const access of [undefined, password, identity]) assert.deepEqual((await look(found, access)).flaws, []);
  });
});
