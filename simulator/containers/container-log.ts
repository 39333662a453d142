// What a container wrote, within the service's limits (facts aci-azure-sdk §3.3).

/** While it runs the last 4 MB can be read. */
const runningBytes = 4 * 1024 * 1024;
/** Once it has ended, the last 16 KB or 1000 lines, whichever is less. */
const endedBytes = 16 * 1024;
const endedLines = 1000;

interface LogView {
  /** Only the last so many lines. */
  readonly tail?: number;
  /** Each line with the time it was written. */
  readonly timestamps?: boolean;
}

interface Line {
  readonly time: string;
  text: string;
}

export class ContainerLog {
  #lines: Line[] = [];
  #bytes = 0;

  append(text: string): void {
    for (const part of text.split(/(?<=\n)/)) {
      if (part === "") continue;
      const last = this.#lines.at(-1);
      if (last !== undefined && !last.text.endsWith("\n")) last.text += part;
      else this.#lines.push({ time: new Date().toISOString(), text: part });
      this.#bytes += Buffer.byteLength(part);
    }
    this.#forget(runningBytes);
  }

  /** The container has ended: most of what it wrote can no longer be read. */
  end(): void {
    this.#lines = this.#lines.slice(-endedLines);
    this.#bytes = this.#lines.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0);
    this.#forget(endedBytes);
  }

  read({ tail, timestamps = false }: LogView = {}): string {
    const lines = tail === undefined ? this.#lines : this.#lines.slice(Math.max(this.#lines.length - tail, 0));
    return lines.map(({ time, text }) => (timestamps ? `${time} ${text}` : text)).join("");
  }

  #forget(limit: number): void {
    let drop = 0;
    while (this.#bytes > limit) {
      const line = this.#lines[drop];
      if (line === undefined) break;
      const excess = this.#bytes - limit;
      const bytes = Buffer.from(line.text);
      if (bytes.length > excess) {
        line.text = bytes.subarray(excess).toString("utf8");
        this.#bytes -= excess;
      } else {
        drop += 1;
        this.#bytes -= bytes.length;
      }
    }
    this.#lines.splice(0, drop);
  }
}
