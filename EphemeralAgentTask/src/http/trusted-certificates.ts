// The certificates that this machine trusts.
import { readFileSync } from "node:fs";
import { rootCertificates } from "node:tls";
import type { Transport } from "./transport.ts";

/**
 * Own certificates replace the usual ones in Node, and those of NODE_EXTRA_CA_CERTS with them, so they go together.
 * @returns nothing when the usual ones will do
 * @throws when the agent's file cannot be read
 */
export function certificates({ caFile }: Transport): { ca?: string } {
  if (caFile === undefined) return {};
  return { ca: [readFileSync(caFile, "utf8"), ...extra(), ...rootCertificates].join("\n") };
}

/** Node itself only warns of a file that it cannot read. */
function extra(): string[] {
  try {
    return process.env.NODE_EXTRA_CA_CERTS ? [readFileSync(process.env.NODE_EXTRA_CA_CERTS, "utf8")] : [];
  } catch {
    return [];
  }
}
