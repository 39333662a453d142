// What reading the service connections shares.
import type { RawEndpoint, Reader } from "./reader.ts";

/** Without slashes at the end. */
export const bare = (url: string) => url.replace(/\/+$/, "");

/** The host of a registry address, which users give with or without a scheme and a path. */
export const hostOf = (server: string) =>
  bare(server.replace(/^[a-z]+:\/\//i, ""))
    .split("/")[0]
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
