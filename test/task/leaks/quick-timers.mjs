// Loaded into a step's process before the task: its longest waits, those for an answer that never comes, are a fifth.
const { setTimeout: wait } = globalThis;
const long = 45_000;
globalThis.setTimeout = (action, ms = 0, ...rest) => wait(action, ms >= long ? ms / 5 : ms, ...rest);
