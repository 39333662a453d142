// The owner marks in the environment of a container that registers its agent itself. An agent shows the pool its environment as
// capabilities, from its registration on: so the record tells whose it is before anybody could mark it. Pure.
import { fitted, variableMarkLength } from "./shorten-owner-marks.ts";

/** Nothing in it is secret. The job sees it, too, because the agent publishes only what is in its own environment. */
const marksVariable = "AZP_OWNER_MARKS";

/** The variable for the container, by its name. @param marks the agent's owner marks */
export const variableOfMarks = (marks: Readonly<Record<string, string>>): Record<string, string> => ({
  [marksVariable]: JSON.stringify(fitted(marks, variableMarkLength)),
});

/**
 * The marks that such a variable brought among a record's system capabilities; none where it did not, because the image
 * hides its environment from the agent, or where the value is none of this task's.
 */
export function marksInVariable(systemCapabilities: Readonly<Record<string, string>>): Record<string, string> {
  try {
    const marks: unknown = JSON.parse(systemCapabilities[marksVariable] ?? "{}");
    if (typeof marks !== "object") return {};
    const entries = Object.entries(Object(marks)).filter(
      (entry): entry is [string, string] => typeof entry[1] === "string",
    );
    return Object.fromEntries(entries);
  } catch {
    return {};
  }
}
