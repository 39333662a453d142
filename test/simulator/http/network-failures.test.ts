// The rude answers, as a plain client gets them.
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { addLag } from "../../../simulator/http/delayed-reads.ts";
import { createSites, type OpenSite, type Sites } from "../../../simulator/http/https-sites.ts";
import { type AnswerName, answers } from "../../../simulator/http/network-failures.ts";
import { type Answer, ask } from "./plain-request.ts";

const body = { value: "what the service says" };

describe("a rude answer", () => {
  let sites: Sites;
  let site: OpenSite;
  let handled: number;
  const call = (signal?: AbortSignal) => ask(sites.caFile, `${site.origin}/thing`, signal ? { signal } : {});
  const strike = (name: AnswerName) => sites.faults.add({ effect: answers[name], times: 1 });

  beforeEach(async () => {
    sites = await createSites();
    site = await sites.open("arm");
    handled = 0;
    site.route("GET", "/thing", () => {
      handled += 1;
      return { status: 200, body };
    });
  });
  afterEach(() => sites.close());

  for (const [name, error, acted] of [
    ["half a body", /aborted|ECONNRESET/, 1],
    ["half a body in chunks", /aborted|ECONNRESET/, 1],
    ["reset before the service acted", /ECONNRESET|hang up/, 0],
    ["reset after the service acted", /ECONNRESET|hang up/, 1],
  ] as const) {
    it(`'${name}' ends in a broken connection`, async () => {
      strike(name);
      await assert.rejects(call(), error);
      assert.equal(handled, acted);
      assert.equal((await call()).status, 200);
    });
  }

  for (const [name, acted] of [
    ["silence", 0],
    ["headers, then silence", 1],
    ["half a body, then silence", 1],
  ] as const) {
    it(`'${name}' lasts until the client gives up`, async () => {
      strike(name);
      const giveUp = new AbortController();
      const asked = call(giveUp.signal);
      const ended = asked.then(
        () => "ended",
        () => "ended",
      );
      assert.equal(await Promise.race([ended, delay(150, "still waiting")]), "still waiting");
      giveUp.abort();
      await assert.rejects(asked);
      assert.equal(handled, acted);
    });
  }

  it("'refused' refuses every connection for a while, then the site is back", async () => {
    strike("refused");
    await assert.rejects(call(), /ECONNRESET|hang up/);
    await assert.rejects(call(), /ECONNREFUSED/);
    const back = async (): Promise<Answer> => call().catch(() => delay(20).then(back));
    assert.deepEqual((await back()).json(), body);
  });

  it("'redirect to the sign-in page' leads to a page with 200", async () => {
    strike("redirect to the sign-in page");
    const { status, headers } = await call();
    assert.equal(status, 302);
    const page = await ask(sites.caFile, site.origin + String(headers.location));
    assert.deepEqual([page.status, page.headers["content-type"]], [200, "text/html; charset=utf-8"]);
    assert.match(page.text, /Sign in/);
  });

  it("is what it is called", async () => {
    const get = async (name: AnswerName) => {
      strike(name);
      return call();
    };
    assert.equal((await get("sign-in page with 203")).status, 203);
    assert.match((await get("proxy's page with 503")).text, /^<html>/);
    assert.equal((await get("429 without end")).headers["retry-after"], "Infinity");
    assert.equal((await get("429")).headers["retry-after"], undefined);
    const empty = await get("empty body");
    assert.deepEqual([empty.status, empty.text], [200, ""]);
    assert.equal((await get("byte order mark")).text, `\uFEFF${JSON.stringify(body)}`);
    assert.equal((await get("another content type")).headers["content-type"], "text/plain");
    assert.equal((await get("false gzip")).headers["content-encoding"], "gzip");
    assert.ok(Date.parse(String((await get("an hour late by its Date")).headers.date)) < Date.now() - 3_000_000);
  });
});

describe("lag", () => {
  let sites: Sites;
  let site: OpenSite;
  const there = new Map<string, object>();
  const call = (method: string, id = "") =>
    ask(sites.caFile, `${site.origin}/pools/1/agents${id === "" ? "" : `/${id}`}`, { method });
  const listed = async () => ((await call("GET")).json() as { value: { id: string }[] }).value.map(({ id }) => id);
  /** What holds once the lag is over. */
  const once = async (condition: () => Promise<boolean>): Promise<void> => {
    while (!(await condition())) await delay(20);
  };

  beforeEach(async () => {
    sites = await createSites();
    site = await sites.open("devops");
    there.clear();
    const agents = "/pools/:pool/agents";
    site.route("GET", agents, () => ({ status: 200, body: { count: there.size, value: [...there.values()] } }));
    site.route("POST", agents, () => {
      there.set("7", { id: 7 });
      return { status: 200, body: { id: 7 } };
    });
    site.route("GET", `${agents}/:id`, ({ params }) => ({ status: 200, body: there.get(params.id ?? "") ?? {} }));
    site.route("DELETE", `${agents}/:id`, ({ params }) => {
      there.delete(params.id ?? "");
      return { status: 204 };
    });
  });
  afterEach(() => sites.close());

  it("hides what was made from lists and reads until it is over", async () => {
    addLag(sites.faults, { listsMs: 300, recordsMs: 300 });
    assert.equal((await call("POST")).status, 200);
    assert.deepEqual(await listed(), []);
    assert.equal((await call("GET", "7")).status, 404);
    await once(async () => (await listed()).length === 1 && (await call("GET", "7")).status === 200);
  });

  it("lists what is gone until it is over, and can be ended", async () => {
    const end = addLag(sites.faults, { listsMs: 60_000, recordsMs: 0 });
    there.set("8", { id: 8 });
    assert.deepEqual(await listed(), [8]);
    await call("DELETE", "8");
    assert.deepEqual(await listed(), [8]);
    end();
    assert.deepEqual(await listed(), []);
  });
});
