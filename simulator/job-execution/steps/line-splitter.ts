// Splits a stream into lines.
import { StringDecoder } from "node:string_decoder";

/** Cuts a stream into lines at LF, CRLF or CR, as .NET's reader does; `end()` gives up what is left. */
export class LineReader {
  readonly #decoder = new StringDecoder("utf8");
  #rest = "";
  readonly #onLine: (line: string) => void;

  constructor(onLine: (line: string) => void) {
    this.#onLine = onLine;
  }

  write(chunk: Buffer): void {
    this.#rest += this.#decoder.write(chunk);
    // A CR at the very end may be half of a CRLF: it waits for the next chunk.
    const held = this.#rest.endsWith("\r") ? "\r" : "";
    const lines = this.#rest.slice(0, this.#rest.length - held.length).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + held;
    for (const line of lines) this.#onLine(line);
  }

  end(): void {
    const rest = (this.#rest + this.#decoder.end()).replace(/\r$/, "");
    this.#rest = "";
    if (rest !== "") this.#onLine(rest);
  }
}
