import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { get } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSites, type OpenSite, type Sites } from "../../../simulator/http/https-sites.ts";
import { jsonBody, Refused } from "../../../simulator/http/refused-request.ts";
import { type Ask, ask } from "./plain-request.ts";

describe("a simulated site", () => {
  let sites: Sites;
  let site: OpenSite;
  let folder: string;
  const call = (path: string, options?: Ask) => ask(sites.caFile, site.origin + path, options);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "sites-test-"));
    sites = await createSites({ requestLogFile: join(folder, "requests.jsonl") });
    site = await sites.open("arm");
  });
  afterEach(async () => {
    await sites.close();
    await rm(folder, { recursive: true });
  });

  it("is trusted by whoever trusts the CA file, and by nobody else", async () => {
    site.route("GET", "/", () => ({ status: 204 }));
    assert.equal((await call("/")).status, 204);
    assert.equal((await ask(sites.caFile, site.origin.replace("localhost", "127.0.0.1"))).status, 204);
    await assert.rejects(
      new Promise((resolve, reject) => get(site.origin, { agent: false }, resolve).on("error", reject)),
      /unable to verify|self-signed/,
    );
  });

  it("matches literal segments without regard to case and decodes parameters, keeping theirs", async () => {
    site.route("GET", "/subscriptions/:id/things/:rest*", ({ params }) => ({ status: 200, body: params }));
    assert.deepEqual((await call("/Subscriptions/A%20b/THINGS/One/two%2Fthree")).json(), {
      id: "A b",
      rest: "One/two/three",
    });
  });

  it("prefers the route whose literal segment comes first, whatever the order they were added in", async () => {
    site.route("GET", "/a/:rest*", () => ({ status: 200, body: "rest" }));
    site.route("GET", "/a/:one", () => ({ status: 200, body: "one" }));
    site.route("GET", "/a/b", () => ({ status: 200, body: "literal" }));
    assert.deepEqual(
      [(await call("/a/b")).text, (await call("/a/c")).text, (await call("/a/c/d")).text],
      ["literal", "one", "rest"],
    );
  });

  it("answers 501 naming method and path for what it does not know", async () => {
    site.route("GET", "/known", () => ({ status: 200 }));
    const { status, text } = await call("/known", { method: "PATCH" });
    assert.equal(status, 501);
    assert.match(text, /no route for PATCH \/known/);
  });

  it("answers 400 to broken JSON before any handler, without quoting it", async () => {
    site.route("PUT", "/thing", () => ({ status: 200 }));
    const headers = { "content-type": "application/json" };
    const { status, text } = await call("/thing", { method: "PUT", headers, body: '{"password": "hunter2"' });
    assert.equal(status, 400);
    assert.doesNotMatch(text, /hunter2/);
  });

  it("answers with what a handler refuses with, and 500 with the reason when one breaks", async () => {
    site.route("GET", "/refused", () => {
      throw new Refused({ status: 409, body: { error: { code: "Conflict" } } });
    });
    site.route("POST", "/form", (request) => ({ status: 200, body: { read: jsonBody(request) } }));
    assert.equal((await call("/refused")).status, 409);
    assert.equal((await call("/form", { method: "POST", body: "a=b" })).status, 400);
  });

  it("tells a handler that its client has hung up", async () => {
    const hungUp = new Promise<void>((resolve) => {
      site.route("GET", "/poll", ({ closed }) => {
        return new Promise((answer) =>
          closed.addEventListener("abort", () => {
            resolve();
            answer({ status: 200 });
          }),
        );
      });
    });
    const client = new AbortController();
    const polled = call("/poll", { signal: client.signal });
    await sites.requests.seen(({ url }) => url.endsWith("/poll"));
    client.abort();
    await assert.rejects(polled, /abort/i);
    await hungUp;
  });

  it("logs one line a request, with who called, and never headers or bodies", async () => {
    site.route("PUT", "/thing", (request) => {
      request.caller = "spn:ephemeral";
      return { status: 201, body: { secret: "answered" } };
    });
    await call("/thing?x=1", { method: "PUT", headers: { authorization: "Bearer told" }, body: { secret: "sent" } });
    const log = readFileSync(join(folder, "requests.jsonl"), "utf8");
    const { time, ...line } = JSON.parse(log);
    assert.deepEqual(line, {
      site: "arm",
      method: "PUT",
      url: `${site.origin}/thing?x=1`,
      status: 201,
      caller: "spn:ephemeral",
    });
    assert.ok(!Number.isNaN(Date.parse(time)));
    assert.doesNotMatch(log, /told|sent|answered/);
  });

  it("ends open requests and removes its CA file when it closes", async () => {
    sites.faults.add({ effect: { hang: true } });
    const hanging = assert.rejects(call("/anything"));
    await sites.requests.seen(() => true);
    await sites.close();
    await hanging;
    assert.ok(!existsSync(sites.caFile));
    await assert.rejects(call("/anything"));
  });
});
