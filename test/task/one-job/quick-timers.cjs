// Loaded into a step's process before the task: its longest waits, those for an answer that never comes, are a third.
// A creation without an answer looks for 12 s for what came of it, and that is within the limit of one attempt.
const { setTimeout: wait } = globalThis;
const long = 45_000;
globalThis.setTimeout = (action, ms = 0, ...rest) => wait(action, ms >= long ? ms / 3 : ms, ...rest);
