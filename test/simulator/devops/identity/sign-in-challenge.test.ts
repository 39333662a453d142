import assert from "node:assert/strict";
import { openStand, type Stand } from "../fixture/organization-fixture.ts";

describe("Somebody whom the organization does not know", () => {
  let stand: Stand;

  beforeEach(async () => {
    stand = await openStand();
  });
  afterEach(() => stand.close());

  const challenge = async (authorization?: string) => {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    return stand.call("GET", "_apis/distributedtask/pools", { token: undefined, headers });
  };

  it("is offered Bearer and Basic", async () => {
    const { status, headers } = await challenge();
    assert.equal(status, 401);
    assert.match(String(headers["www-authenticate"]), /^Bearer authorization_uri=https:.*, Basic realm="https:/);
    assert.ok(headers["x-tfs-processid"]);
    assert.equal(headers["x-vss-userdata"], undefined);
  });

  it("with a wrong personal access token gets no body", async () => {
    const { status, headers, text } = await challenge(`Basic ${Buffer.from(":wrong").toString("base64")}`);
    assert.deepEqual({ status, text }, { status: 401, text: "" });
    assert.match(String(headers["www-authenticate"]), /Bearer/);
  });

  it("with a wrong bearer token is told so", async () => {
    const { status, json } = await challenge("Bearer wrong");
    assert.equal(status, 401);
    assert.equal(json.typeKey, "UnauthorizedRequestException");
    assert.match(String(json.typeName), /^Microsoft\.TeamFoundation\.Framework\.Server\./);
  });
});
