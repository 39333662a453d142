// The inputs that the task reads.
import { parse } from "../../EphemeralAgentTask/src/settings/parse-settings.ts";

/** The inputs that the task asks for when all of them have the same value: none, or one that is wrong. */
export function inputsRead(action: string, value: string): string[] {
  const read: string[] = [];
  parse({
    input(name) {
      read.push(name);
      return name === "action" ? action : value;
    },
    variable: () => "1",
    endpoint: () => undefined,
  });
  return read;
}
