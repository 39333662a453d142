// What a simulated registry of Azure answers has the shape of what a real one answered.
import assert from "node:assert/strict";
import { field, openRegistry, type Stand } from "../registry/registry-fixture.ts";
import { stale, unexpected } from "./allowed.ts";
import { Looks } from "./looks.ts";
import { keyOf, readShapes } from "./shape.ts";

const shapes = readShapes("registry-shapes.jsonl");

describe("an answer of a container registry", () => {
  const looks = new Looks(shapes);
  let stand: Stand;
  before(async () => {
    stand = await openRegistry();
    await looks.at("GET /v2/ 401", stand.get("/v2/"));
    const exchanged = await looks.at("POST /oauth2/exchange 200", stand.exchange(stand.puller));
    const form = {
      grant_type: "refresh_token",
      service: stand.registry.server,
      scope: "repository:private/azure-pipelines-agent:pull",
      refresh_token: field(exchanged, "refresh_token"),
    };
    await looks.at("POST /oauth2/token 200", stand.post("/oauth2/token", form));
  });
  after(() => stand.sites.close());

  for (const key of shapes.map(keyOf)) {
    it(`is as recorded: ${key}`, () => {
      const found = looks.found(key);
      assert.ok(found, "nobody looked at it");
      assert.deepEqual(unexpected(key, found), []);
    });
  }

  it("differs in nothing that is no longer different", () => {
    assert.deepEqual(
      stale(shapes.map(keyOf), (key) => looks.found(key)),
      [],
    );
  });
});
