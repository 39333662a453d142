// The version of the task.
import task from "../task.json" with { type: "json" };

/** Of this task, as the services' logs show it. */
export const version = `${task.version.Major}.${task.version.Minor}.${task.version.Patch}`;
