import assert from "node:assert/strict";
import { createSites, type OpenSite, type Sites } from "../../../simulator/http/https-sites.ts";
import type { FaultEffect } from "../../../simulator/http/request-faults.ts";
import { Faults } from "../../../simulator/http/request-faults.ts";
import { ask } from "./plain-request.ts";

describe("a fault", () => {
  let sites: Sites;
  let site: OpenSite;
  let handled: number;
  const call = (path = "/thing") => ask(sites.caFile, site.origin + path);
  const strike = (effect: FaultEffect) => sites.faults.add({ effect, times: 1 });

  beforeEach(async () => {
    sites = await createSites();
    site = await sites.open("arm");
    handled = 0;
    site.route("GET", "/thing", () => {
      handled += 1;
      return { status: 200 };
    });
  });
  afterEach(() => sites.close());

  it("can answer in the handler's place", async () => {
    strike({ status: 429, headers: { "retry-after": "7" }, body: { error: { code: "TooManyRequests" } } });
    const { status, headers } = await call();
    assert.deepEqual([status, headers["retry-after"], handled], [429, "7", 0]);
    assert.equal((await call()).status, 200, "it strikes as often as asked, no more");
  });

  it("can delay a request that is then handled", async () => {
    const fault = strike({ delayMs: 5 });
    assert.equal((await call()).status, 200);
    assert.equal(fault.hits, 1);
  });

  it("can cut the connection before the request is handled", async () => {
    strike({ reset: true });
    await assert.rejects(call(), /ECONNRESET|hang up/);
    assert.equal(handled, 0);
    assert.equal(sites.requests.entries[0]?.status, 0, "the log says that no answer was sent");
  });

  it("can lose the answer of a request that was handled", async () => {
    strike({ loseAnswer: true });
    await assert.rejects(call(), /ECONNRESET|hang up/);
    assert.equal(handled, 1);
  });

  it("can decide by itself, and let a request through", async () => {
    sites.faults.add({
      effect: { call: ({ url }) => (url.searchParams.has("refuse") ? { status: 503 } : undefined) },
    });
    assert.deepEqual([(await call("/thing?refuse")).status, (await call()).status], [503, 200]);
  });

  it("strikes only the site, method and path it names", async () => {
    const other = await sites.open("login");
    sites.faults.add({ site: "arm", method: "get", path: /\/thing\?once$/, effect: { status: 500 } });
    sites.faults.add({ path: "/EVERY", effect: { status: 502 } });
    const statuses = [await call("/thing?once"), await call("/thing"), await call("/everything")];
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [500, 200, 502],
    );
    assert.equal((await ask(sites.caFile, `${other.origin}/thing?once`)).status, 501);
  });

  it("can let the first requests pass, and be removed", async () => {
    const fault = sites.faults.add({ skip: 1, effect: { status: 500 } });
    assert.deepEqual([(await call()).status, (await call()).status], [200, 500]);
    fault.remove();
    assert.equal((await call()).status, 200);
    sites.faults.add({ effect: { status: 500 } });
    sites.faults.clear();
    assert.equal((await call()).status, 200);
  });

  it("with a probability strikes the same requests again for the same seed", () => {
    const strikes = (seed: number) => {
      const faults = new Faults(seed);
      faults.add({ probability: 0.5, effect: { reset: true } });
      const request = {
        method: "GET",
        url: new URL("https://localhost/"),
        params: {},
        headers: {},
        body: Buffer.alloc(0),
      };
      const { signal: closed } = new AbortController();
      return Array.from({ length: 64 }, () => faults.strike("arm", { ...request, closed }).length).join("");
    };
    assert.equal(strikes(7), strikes(7));
    assert.notEqual(strikes(7), strikes(8));
    assert.match(strikes(7), /0.*1|1.*0/);
  });
});
