import assert from "node:assert/strict";
import { type Stand, startStand } from "../azure-fixture.ts";
import { at, type Json, profileApi, profileBody, profilePath } from "./standby-fixture.ts";

describe("a container group profile", () => {
  let stand: Stand;
  before(async () => {
    stand = await startStand();
  });
  after(() => stand.stop());

  const call = (path: string, method = "GET", body?: object) =>
    stand.call(path, { method, ...(body && { body }) }, stand.administrator);

  it("counts its revisions, of which every one stays, and is answered 201 only the first time", async () => {
    const path = profilePath(stand, "counted");
    const first = await call(`${path}?${profileApi}`, "PUT", profileBody(stand));
    const second = await call(`${path}?${profileApi}`, "PUT", profileBody(stand, { restartPolicy: "OnFailure" }));
    assert.deepEqual([first.status, second.status], [201, 200]);
    assert.deepEqual(
      [first, second].map(({ json }) => at(json(), "properties.revision")),
      [1, 2],
    );
    const revisions = [1, 2].map((each) => call(`${path}/revisions/${each}?${profileApi}`));
    const policies = (await Promise.all(revisions)).map(({ json }) => at(json(), "properties.restartPolicy"));
    assert.deepEqual(policies, ["Never", "OnFailure"]);
    assert.equal((await call(`${path}/revisions/3?${profileApi}`)).status, 404);
    const deleted = [await call(`${path}?${profileApi}`, "DELETE"), await call(`${path}?${profileApi}`, "DELETE")];
    assert.deepEqual(
      deleted.map(({ status, text }) => [status, text]),
      [
        [200, ""],
        [204, ""],
      ],
    );
  });

  it("shows no content of a secret volume and no secure value", async () => {
    const path = profilePath(stand, "secretive");
    const environmentVariables = [
      { name: "OPEN", value: "plain" },
      { name: "CLOSED", secureValue: "not-shown" },
    ];
    await call(`${path}?${profileApi}`, "PUT", profileBody(stand, {}, { environmentVariables }));
    const { text, json } = await call(`${path}?${profileApi}`);
    assert.doesNotMatch(text, /not-shown|c2VjcmV0/);
    assert.deepEqual(at(json(), "properties.volumes"), [{ name: "start-files", secret: {} }]);
    const [container] = at(json(), "properties.containers") as Json[];
    assert.deepEqual(at(container, "properties.environmentVariables"), [
      { name: "OPEN", value: "plain" },
      { name: "CLOSED" },
    ]);
  });
});
