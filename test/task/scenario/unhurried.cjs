// Loaded into a step's process before the task: what a canceled step may wait for an answer is ten times as long. Its agent
// kills it that much later, so that what it does in its last seconds depends on no machine's speed.
const { setTimeout: wait } = globalThis;
/** The task's limit for one request between cancel and kill. */
const hurried = 3_000;
globalThis.setTimeout = (action, ms = 0, ...rest) => wait(action, ms === hurried ? ms * 10 : ms, ...rest);
