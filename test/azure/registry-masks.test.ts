// A registry may echo the credential that a check sends it, in the form in which it was sent.
import assert from "node:assert/strict";
import { registryInspection } from "../../EphemeralAgentTask/src/azure/registry/image-lookup.ts";
import { systemTime } from "../../EphemeralAgentTask/src/http/service-time.ts";
import { startSimulator } from "../../simulator/start-simulator.ts";

describe("A look for an image in its registry", () => {
  it("masks what it signs in with before it sends it", async () => {
    const simulator = await startSimulator();
    try {
      const { privateImage, registryServer: server, registryUsername, registryPassword } = simulator.ready;
      const masked = new Set<string>();
      const mask = (secret: string) => {
        masked.add(secret);
        return secret;
      };
      const transport = { time: systemTime(), proxyFor: () => undefined, caFile: simulator.caFile, mask };
      const unmasked: string[] = [];
      simulator.faults.add({
        site: "registry",
        effect: {
          call({ headers }) {
            const [, sent] = /^(?:Basic|Bearer) (.+)$/.exec(headers.authorization ?? "") ?? [];
            if (sent !== undefined && !masked.has(sent)) unmasked.push(sent);
            return undefined;
          },
        },
      });
      const access = { kind: "password", server, username: registryUsername, password: registryPassword } as const;
      assert.equal((await registryInspection(transport).manifest(privateImage, access)).kind, "found");
      assert.ok(masked.has(Buffer.from(`${registryUsername}:${registryPassword}`).toString("base64")));
      assert.deepEqual(unmasked, []);
    } finally {
      await simulator.stop();
    }
  });
});
