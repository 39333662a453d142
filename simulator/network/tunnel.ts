// Connections that are forwarded unchanged.
import { connect } from "node:net";
import type { Duplex } from "node:stream";

/** Connections that are passed on as they are, byte by byte. */
export class Tunnels {
  readonly #open = new Set<Duplex>();

  /** @param port of this machine's loopback */
  passOn(inside: Duplex, port: number): void {
    const outside = connect(port, "127.0.0.1");
    for (const [from, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      this.#open.add(from);
      from.once("close", () => {
        this.#open.delete(from);
        other.destroy();
      });
      from.on("error", () => other.destroy());
      from.pipe(other);
    }
  }

  close(): void {
    for (const each of this.#open) each.destroy();
  }
}
