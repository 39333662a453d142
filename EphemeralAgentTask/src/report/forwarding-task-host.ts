// Wraps a TaskHost and replaces some of its methods.
import type { TaskHost } from "../ports.ts";

/** The same host, with some of what it does replaced. */
export function forwarding(task: TaskHost, replaced: Partial<TaskHost>): TaskHost {
  return {
    cancelled: task.cancelled,
    info: (line, color) => task.info(line, color),
    warning: (code, message) => task.warning(code, message),
    error: (code, message) => task.error(code, message),
    externalGroup: (title, text) => task.externalGroup(title, text),
    summarize: (lines) => task.summarize(lines),
    replaces: (name, earlier) => task.replaces(name, earlier),
    progress: (percent, what) => task.progress(percent, what),
    output: (name, value) => task.output(name, value),
    saveState: (state) => task.saveState(state),
    ...replaced,
  };
}
