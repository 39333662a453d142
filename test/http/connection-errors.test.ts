import assert from "node:assert/strict";
import { createServer } from "node:net";
import { toTaskError } from "../../EphemeralAgentTask/src/errors/mapping/error-mapping.ts";
import { exchange } from "../../EphemeralAgentTask/src/http/send-request.ts";
import { systemTime } from "../../EphemeralAgentTask/src/http/service-time.ts";
import { ServiceFault } from "../../EphemeralAgentTask/src/ports.ts";
import { environmentProxy } from "../../EphemeralAgentTask/src/taskhost/proxy-environment.ts";
import { createSites } from "../../simulator/http/https-sites.ts";

const transport = (proxy?: string) => ({
  time: systemTime(),
  proxyFor: () => (proxy === undefined ? undefined : { url: proxy }),
  mask: (secret: string) => secret,
});

async function faultOf(url: string, proxy?: string): Promise<ServiceFault> {
  const request = { service: "Azure", url, method: "GET", changes: false, headers: {} } as const;
  const fault = await exchange(request, transport(proxy)).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(fault instanceof ServiceFault);
  return fault;
}

describe("The way to a service", () => {
  it("that ends at a certificate which is not trusted is told as that, with the host", async () => {
    const sites = await createSites();
    try {
      const site = await sites.open("arm");
      const fault = await faultOf(`${site.origin}/subscriptions`);
      assert.equal(fault.kind, "certificate");
      assert.match(String(toTaskError(fault)), /does not trust the certificate.*localhost:\d+.*NODE_EXTRA_CA_CERTS/s);
    } finally {
      await sites.close();
    }
  });

  it("that a proxy refuses is told as that, with the proxy's status and the host", async () => {
    const proxy = createServer((socket) => {
      socket.once("data", () => socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"));
    });
    await new Promise<void>((ready) => proxy.listen(0, "127.0.0.1", ready));
    const address = proxy.address();
    assert.ok(typeof address === "object" && address !== null);
    const fault = await faultOf("https://management.example/", `http://127.0.0.1:${address.port}`);
    proxy.close();
    assert.deepEqual([fault.kind, fault.code, fault.details.status], ["proxy", "ProxyRefused", 403]);
    assert.match(
      String(toTaskError(fault)),
      /proxy 127\.0\.0\.1:\d+ answered 403 instead of connecting to management\.example/,
    );
  });

  it("that leads nowhere is told as silence, with the host", async () => {
    const fault = await faultOf("https://localhost:1/");
    assert.deepEqual([fault.kind, fault.code, fault.details.host], ["silence", "ECONNREFUSED", "localhost:1"]);
  });
});

describe("A proxy of the environment", () => {
  const environment = { HTTPS_PROXY: "http://user:p%40ss@proxy.example:3128", NO_PROXY: "internal.example,.corp" };
  it("is taken with its user and password, but not for what passes by it, nor without TLS", () => {
    const proxy = { url: "http://proxy.example:3128/", username: "user", password: "p@ss" };
    assert.deepEqual(environmentProxy("https://management.azure.com/", environment), proxy);
    for (const direct of ["https://internal.example/", "https://a.corp/", "http://169.254.169.254/metadata"])
      assert.equal(environmentProxy(direct, environment), undefined);
  });
});
