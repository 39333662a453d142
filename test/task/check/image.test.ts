import assert from "node:assert/strict";
import { owner } from "../../../simulator/arm/authorization/built-in-roles.ts";
import { acrConnection } from "../../../simulator/pipeline-runner/service-connections/project-connections.ts";
import type { Simulator } from "../../../simulator/start-simulator.ts";
import { type Broken, namesEach } from "./broken.ts";
import { type Inputs, lookAt } from "./look.ts";
import { assertUntouched, inPerfect } from "./set-up.ts";

function pullingAs(clientId: string, clientSecret: string, server: string, tenantId: string) {
  return acrConnection("agent-registry", { server, clientId, clientSecret, tenantId });
}

const broken: readonly Broken[] = [
  [
    "an image whose tag is not there",
    ({ registry }) => ({ inputs: { imageName: `${registry.server}/azure-pipelines-agent:mistyped` } }),
    "wrong image",
    /MANIFEST_UNKNOWN/,
  ],
  [
    "an image whose repository is not there",
    ({ registry, ready }) => ({
      endpoints: [
        pullingAs(ready.administratorClientId, ready.administratorClientSecret, registry.server, ready.tenantId),
      ],
      inputs: { imageName: `${registry.server}/mistyped:latest`, containerRegistry: "agent-registry" },
    }),
    "wrong image",
    /NAME_UNKNOWN/,
  ],
  [
    "an image that is not public",
    ({ registry }) => ({ inputs: { imageName: registry.privateImage } }),
    "wrong image",
    /is not public/,
  ],
  [
    "a registry's wrong password",
    ({ registry, puller, ready }) => ({
      endpoints: [pullingAs(puller.appId, "not-the-secret", registry.server, ready.tenantId)],
      inputs: { imageName: registry.privateImage, containerRegistry: "agent-registry" },
    }),
    "wrong image",
    /is refused to containerRegistry/,
  ],
  [
    "a registry that does not answer",
    () => ({ inputs: { imageName: "localhost:9/agent:1" } }),
    "wrong image",
    /registry localhost:9 does not answer/,
  ],
  [
    "a private endpoint and no identity",
    ({ privateRegistry }) => ({ inputs: { imageName: privateRegistry.image } }),
    "wrong image",
    /not allowed access.*\n.*registryIdentity/,
  ],
];

namesEach("a registry", broken);

describe("A check of the image", () => {
  const images: readonly [what: string, inputs: (simulator: Simulator) => Inputs, unseen: string[]][] = [
    ["a public image", () => ({}), []],
    [
      "an ACR by service principal",
      ({ registry }) => ({ imageName: registry.privateImage, containerRegistry: "agent-registry" }),
      [],
    ],
    [
      "a registry by user and password",
      ({ registry }) => ({ imageName: registry.privateImage, containerRegistry: "other-registry" }),
      [],
    ],
    [
      "a digest",
      ({ registry }) => ({ imageName: `${registry.server}/azure-pipelines-agent@${registry.digest(registry.image)}` }),
      [],
    ],
    [
      "a private endpoint by an identity",
      ({ privateRegistry, pullIdentityId }) => ({ imageName: privateRegistry.image, registryIdentity: pullIdentityId }),
      ["image"],
    ],
  ];
  for (const [what, inputs, unseen] of images) {
    it(`takes ${what}${unseen.length > 0 ? ", and says that it cannot be looked at from here" : ""}`, () =>
      inPerfect(async (simulator) => {
        const { arm, deployer, pullIdentityId } = simulator;
        arm.access.assign({ principalId: deployer.objectId, role: owner, scope: pullIdentityId });
        const report = await lookAt(simulator, inputs(simulator));
        assert.deepEqual(report.flaws, [], report.text);
        assert.deepEqual(
          report.of("not checked").map((line) => line.split(/ {2,}/)[0]),
          unseen,
        );
        assertUntouched(simulator);
      }));
  }
});
