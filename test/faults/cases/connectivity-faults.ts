// Faults on the way to a service.
import { answered, type Fault, type Inject } from "../fault.ts";
import type { Obstacle } from "../fault-answers.ts";

const blocked =
  (obstacle: Obstacle): Inject =>
  async (stage) => {
    stage.deployJob();
    stage.refuse("host.network", await stage.wire.blocked(obstacle));
  };

/** What stands between this machine and a service, whichever it is. */
export const wayFaults: readonly Fault[] = [
  {
    name: "connections to Azure break",
    inject: blocked("connections break"),
    code: "EA911",
    cause: /^Azure \(localhost:\d+\): ECONNRESET: /,
  },
  {
    name: "an inspecting firewall whose certificate is not trusted",
    inject: blocked("its certificate is not trusted"),
    code: "EA912",
    cause: /^Microsoft Entra ID \(localhost:\d+\): UNABLE_TO_VERIFY_LEAF_SIGNATURE: /,
  },
  {
    name: "a proxy that does not let the service pass",
    inject: blocked("a proxy refuses"),
    code: "EA913",
    cause:
      /ProxyRefused: the proxy 127\.0\.0\.1:\d+ answered 403 instead of connecting to localhost:\d+\. \(HTTP 403\)$/,
  },
  {
    name: "the page of a firewall in place of an answer",
    inject: answered("host.network", {
      site: "arm",
      status: 200,
      headers: { "content-type": "text/html" },
      body: "<!DOCTYPE html><html><head><title>Web Page Blocked</title></head><body></body></html>",
    }),
    code: "EA914",
    cause: /^Azure: NotUnderstood: localhost:\d+ answered 200 with a page titled 'Web Page Blocked'\. \(HTTP 200\)$/,
  },
];
