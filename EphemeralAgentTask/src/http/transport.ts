// How adapters reach services: through the machine's proxy, with its certificates, and with new secrets masked.

import type { Throttle } from "../ports/throttle.ts";
import type { ServiceTime } from "./service-time.ts";

export interface MachineProxy {
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
}

export interface Transport {
  /** Told the header `Date` of every answer. */
  readonly time: ServiceTime;
  /** Told the headers of every good answer of Azure DevOps. */
  readonly throttle?: Throttle;
  /** The agent machine's proxy for an address, undefined when it is reached directly. */
  proxyFor(url: string): MachineProxy | undefined;
  /** A PEM file with the certificates that the agent machine trusts besides the usual ones. */
  readonly caFile?: string;
  /** Hides a secret that came up, before anything can print it. Returns it. */
  mask(secret: string): string;
  /** A text without any secret that was hidden so far. Whoever cuts a text needs it: no mask fits a piece of a secret. */
  withoutSecrets?(text: string): string;
}
