import assert from "node:assert/strict";
import { createSites, type OpenSite, type Sites } from "../../../simulator/http/https-sites.ts";
import { type RecordedFailure, recordedFailure, recordedFailures } from "../../../simulator/http/recorded-failures.ts";
import { ask } from "./plain-request.ts";

interface Row {
  readonly site: "arm" | "devops";
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, RegExp>>;
  readonly text: RegExp;
  /** Whether the request is carried out all the same. */
  readonly handled?: true;
}

const group = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerInstance/containerGroups/eph";

const rows: Readonly<Record<RecordedFailure, Row>> = {
  "gateway timeout": {
    ...{ site: "arm", method: "PUT", path: group, status: 504, handled: true },
    headers: { "x-ms-failure-cause": /^service$/ },
    text: /"code":"GatewayTimeout"/,
  },
  "content too large": { site: "arm", method: "PUT", path: group, status: 413, text: /^$/ },
  "restart fails": {
    ...{ site: "arm", method: "POST", path: `${group}/restart`, status: 500 },
    headers: { "x-ms-failure-cause": /^service$/ },
    text: /"code":"InternalServerError"/,
  },
  "not provisioned yet": {
    ...{ site: "arm", method: "PUT", path: "/x/natGateways/nat", status: 429 },
    text: /"code":"RetryableError".*"details":\[\{"code":"ReferencedResourceNotProvisioned"/,
  },
  "page of unavailability": {
    ...{ site: "devops", method: "GET", path: "/contoso/_apis/x", status: 503 },
    headers: { "content-type": /^text\/html/ },
    text: /^<!DOCTYPE html>/,
  },
  "collection stopped": {
    ...{ site: "devops", method: "GET", path: "/contoso/_apis/x", status: 503 },
    headers: { "content-type": /^application\/json/, "x-tfs-serviceerror": /^TF24668%3A%20/ },
    text: /^\ufeff\{"\$id":"1",.*"message":"TF24668: /,
  },
};

describe("a failure as it was recorded", () => {
  let sites: Sites;
  const open = new Map<string, OpenSite>();
  let handled = 0;
  before(async () => {
    sites = await createSites();
    for (const name of ["arm", "devops"]) {
      const site = await sites.open(name);
      open.set(name, site);
      for (const method of ["GET", "PUT", "POST"]) {
        site.route(method, "/:path*", () => {
          handled += 1;
          return { status: 200 };
        });
      }
    }
  });
  after(() => sites.close());

  it("is there for every name", () => assert.deepEqual(Object.keys(rows), recordedFailures));

  for (const name of recordedFailures) {
    it(`is had for the asking, once: ${name}`, async () => {
      const { site, method, path, status, headers = {}, text, handled: carriedOut = false } = rows[name];
      sites.faults.add(recordedFailure(name));
      const request = () => ask(sites.caFile, `${open.get(site)?.origin}${path}?api-version=1`, { method });
      handled = 0;
      const answer = await request();
      assert.equal(answer.status, status);
      assert.match(answer.text, text);
      for (const [header, value] of Object.entries(headers)) assert.match(String(answer.headers[header]), value);
      assert.equal(handled, carriedOut ? 1 : 0);
      assert.equal((await request()).status, 200);
    });
  }
});
