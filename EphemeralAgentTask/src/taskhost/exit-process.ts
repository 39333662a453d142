// The end of the process. Output goes through a pipe, which takes as much as its reader has room for (64 kB on Linux);
// what is still waiting then would be lost with the process, and the result comes last.
import { fstatSync, statSync } from "node:fs";
import { devNull } from "node:os";

/** Node opens the null device in place of an output that is closed from the start. */
function goesNowhere(): boolean {
  try {
    const [output, nothing] = [fstatSync(1), statSync(devNull)];
    return output.isCharacterDevice() && output.rdev === nothing.rdev;
  } catch {
    return false;
  }
}

let unsaid = goesNowhere();
// A closed output is no reason to stop: what is made still has to be removed.
process.stdout.on("error", () => {
  unsaid = true;
});
process.stderr.on("error", () => undefined);

/**
 * Ends the process once everything is written. Requests that a cancel left behind would keep it alive past its last second.
 * @param good what the step ended with; anything else that could not be said is told by the exit code
 */
export function leave(good: boolean): void {
  process.stdout.write("", (error) => process.exit(!good && (error || unsaid) ? 1 : 0));
}
