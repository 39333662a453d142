// Delays the answer of a route by its recorded time.
import { setTimeout as delay } from "node:timers/promises";
import type { SimRequest, SimResponse } from "../http/https-site.ts";
import type { Pace, RequestKind } from "./service-pace.ts";

/** A handler that takes its time first: recorded events are counted from the answer of the PUT. */
type Paced = <Request extends SimRequest>(
  kind: RequestKind,
  handler: (request: Request) => SimResponse | Promise<SimResponse>,
) => (request: Request) => Promise<SimResponse>;

/** @param pace handlers take no time of their own when there is none */
export const pacedBy =
  (pace: Pace | undefined): Paced =>
  (kind, handler) =>
  async (request) => {
    const isClaim = kind === "put" && request.body.includes('"standbyPoolProfile"');
    const inNetwork = kind === "put" && request.body.includes('"subnetIds"');
    const milliseconds = pace?.request(isClaim ? "putStandby" : kind, inNetwork) ?? 0;
    if (milliseconds > 0) await delay(milliseconds);
    return handler(request);
  };
