// Services, and proxies on the way, sometimes repeat what they were sent: the step tells their refusal, not the secret.
import assert from "node:assert/strict";
import type { SimRequest, SimResponse } from "../../../simulator/http/https-site.ts";
import { canary, end, leftover, withPassword } from "./canary-story.ts";

const credentials = ({ headers }: SimRequest) => `Request headers: Authorization: ${headers.authorization}`;
const refusedBy = (message: string): SimResponse => ({
  status: 403,
  body: { typeKey: "AccessDeniedException", message, error: { code: "AuthorizationFailed", message } },
});

describe("A refusal that repeats a secret", () => {
  for (const [what, action, fault, status] of [
    ["the registration", "run", { site: "devops", method: "POST", path: /\/agents\?|\/agents$/ }, /^403 devops POST /],
    ["the creation", "run", { site: "arm", method: "PUT" }, /^403 arm PUT /],
    ["the look for the pool", "run", { site: "devops", path: "/pools" }, /^403 devops GET /],
    ["the unregistration", "remove", { site: "devops", method: "DELETE", path: /\/agents\/\d+/ }, /^403 /],
    ["the deletion", "remove", { site: "arm", method: "DELETE" }, /^403 arm DELETE /],
    ["the unregistration", "sweep", { site: "devops", method: "DELETE", path: /\/agents\/\d+/ }, /^403 /],
    ["the deletion", "sweep", { site: "arm", method: "DELETE" }, /^403 arm DELETE /],
  ] as const) {
    canary(`of ${what} is told without it by \`${action}\``, async (bird, scene) => {
      scene.expectRefusal(status);
      const left = action === "run" ? undefined : (await leftover(bird, scene)).run;
      if (action === "sweep") left?.complete("failed");
      const refusing = scene.simulator.faults.add({
        ...fault,
        effect: { call: (request) => refusedBy(`Not allowed. ${credentials(request)} (${bird.pat})`) },
      });
      const step = bird.step({ action, ...withPassword(scene) }, left && action === "remove" ? { run: left } : {});
      const main = await step.execute();
      refusing.remove();
      assert.equal(main.result, "failed");
      assert.match(main.log, /Not allowed\. Request headers: Authorization: (Basic|Bearer) \*\*\*/);
      await end(bird, main, { echoes: true });
      if (left) await end(bird, await bird.step({ action: "remove" }, { run: left }).execute());
    });
  }

  canary("of the registry is told without its password", async (bird, scene) => {
    scene.expectRefusal(/^400 arm PUT /);
    const { registryPassword } = scene.simulator.ready;
    const message = `The image is not accessible with user 'shop' and password '${registryPassword}'.`;
    const effect = { status: 400, body: { error: { code: "InaccessibleImage", message } } };
    scene.simulator.faults.add({ site: "arm", method: "PUT", effect });
    const main = await bird.step({ action: "create", ...withPassword(scene) }).execute();
    assert.match(main.log, /EA401 .*password '\*\*\*'/s);
    await end(bird, main, { echoes: true });
  });

  canary("of Microsoft Entra ID is told without the secret", async (bird, scene) => {
    scene.expectRefusal(/^401 login /);
    const { clientSecret } = scene.simulator.ready;
    const said = `AADSTS7000215: Invalid client secret provided: '${clientSecret}'.`;
    const effect = { status: 401, body: { error: "invalid_client", error_description: said } };
    const refusing = scene.simulator.faults.add({ site: "login", method: "POST", effect });
    const main = await bird.step({ action: "run", ...withPassword(scene) }).execute();
    refusing.remove();
    assert.match(main.log, /EA201 .*AADSTS7000215.*'\*\*\*'/s);
    await end(bird, main, { echoes: true });
  });
});
