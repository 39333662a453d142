// A clock for the start script that goes when a test says so.
import { renameSync, writeFileSync } from "node:fs";

export class Uptime {
  /** @param path of the file that stands for /proc/uptime: the value of `EPHEMERAL_UPTIME` */
  constructor(
    readonly path: string,
    private seconds = 1_000,
  ) {
    this.set(seconds);
  }

  /** @param seconds since the machine was started */
  set(seconds: number): void {
    this.seconds = seconds;
    // At once as a whole: the script reads it all the time.
    writeFileSync(`${this.path}.new`, `${seconds}.25 1.00\n`);
    renameSync(`${this.path}.new`, this.path);
  }

  advance(seconds: number): void {
    this.set(this.seconds + seconds);
  }
}
