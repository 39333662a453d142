// Scenarios wait more than they work, so a few of them run at the same time: the one that mocha waits for, and some that
// it will come to. Each has a simulator, folders and processes of its own and cannot see another.

// Where mocha runs files side by side, each of its processes runs fewer of them.
const atOnce = process.env.MOCHA_WORKER_ID === undefined ? 7 : 3;
/** How far ahead of the one that is waited for: `--grep` starts no more than these in vain. */
const ahead = 10;

const scenarios: (() => void)[] = [];
let next = 0;
let horizon = 0;
let running = 0;

function fill(): void {
  while (next <= horizon && next < scenarios.length && running < atOnce) {
    running += 1;
    scenarios[next]?.();
    next += 1;
  }
}

function freed(): void {
  running -= 1;
  fill();
}

/** Like mocha's `it`, for a body that shares nothing. Bodies start in the order in which they are given here. */
export function besideOthers(title: string, body: () => Promise<void>): void {
  const index = scenarios.length;
  const ended = new Promise<void>((resolve) => scenarios.push(resolve)).then(body).finally(freed);
  // Looked at when mocha comes to it.
  ended.catch(() => undefined);
  it(title, () => {
    // What mocha was told to leave out is not started.
    next = Math.max(next, index);
    horizon = index + ahead;
    fill();
    return ended;
  });
}
