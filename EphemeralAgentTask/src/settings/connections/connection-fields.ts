// Reads fields that all service connections have.
import type { RawEndpoint, Reader } from "../input-reader.ts";

/** Without one letter at the end, however often it is there. A regular expression would try each of them in a long run. */
export function withoutEnd<Text extends string | undefined>(text: Text, letter: string): Text | string {
  if (text === undefined) return text;
  let end = text.length;
  while (end > 0 && text[end - 1] === letter) end--;
  return text.slice(0, end);
}

/** Without slashes at the end. */
export const bare = (url: string) => withoutEnd(url, "/");

/** The host of a registry address, which users give with or without a scheme and a path. */
export const hostOf = (server: string) =>
  server
    .replace(/^[a-z]+:\/\//i, "")
    .split("/", 1)[0]
    ?.toLowerCase() ?? "";

/** A field of a connection that must be there. */
export function field(reader: Reader, input: string, value: string | undefined, name: string): string {
  if (value === undefined || value === "") {
    const allowed = `this service connection has no ${name}; open it in the project settings and save it again`;
    reader.wrong(input, reader.raw.input(input), allowed);
  }
  return value ?? "";
}

/** The connection that an input names. */
export function endpoint(reader: Reader, input: string, id: string): RawEndpoint | undefined {
  const found = reader.raw.endpoint(id);
  if (found === undefined) {
    const allowed =
      "no such service connection was handed to this task; check that it exists and that this pipeline may use it";
    reader.wrong(input, id, allowed);
  }
  return found;
}
