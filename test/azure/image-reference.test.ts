import assert from "node:assert/strict";
import { imageParts } from "../../EphemeralAgentTask/src/azure/registry/image-reference.ts";

describe("An image is looked for", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const places: Readonly<Record<string, readonly [server: string, repository: string, version: string]>> = {
    "contoso.azurecr.io/team/agent:1.2": ["contoso.azurecr.io", "team/agent", "1.2"],
    "Contoso.azurecr.io/agent": ["contoso.azurecr.io", "agent", "latest"],
    "localhost:5000/agent:1": ["localhost:5000", "agent", "1"],
    [`contoso.azurecr.io/agent:1@${digest}`]: ["contoso.azurecr.io", "agent", digest],
    "ubuntu:24.04": ["registry-1.docker.io", "library/ubuntu", "24.04"],
    "contoso/agent": ["registry-1.docker.io", "contoso/agent", "latest"],
    "docker.io/contoso/agent:2": ["registry-1.docker.io", "contoso/agent", "2"],
  };
  for (const [image, [server, repository, version]] of Object.entries(places)) {
    it(`where engines pull ${image} from`, () => {
      assert.deepEqual(imageParts(image), { server, repository, version });
    });
  }
});
