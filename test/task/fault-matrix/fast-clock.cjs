// Loaded into a step's process before the task: its timers run CLOCK_SPEED times as fast, so that it waits a minute in
// seconds; the limits of its requests a third as much, because a busy machine answers no faster. After CLOCK_JUMP_AFTER_MS its wall clock jumps by CLOCK_JUMP_MS, as one that is set does.
const net = require("node:net");
const timers = require("node:timers/promises");

const speed = Number(process.env.CLOCK_SPEED ?? 1);
const jump = Number(process.env.CLOCK_JUMP_MS ?? 0);
const jumpAfter = Number(process.env.CLOCK_JUMP_AFTER_MS ?? 0);
// A timer of a millisecond is one of none: nothing is made quicker than the event loop.
const quick = (ms) => {
  if (typeof ms !== "number" || ms <= 1) return ms;
  return Math.max(1, ms >= 20_000 ? Math.max(ms / speed, Math.min(ms, 8_000)) : ms / speed);
};

const { setTimeout: once, setInterval: often } = globalThis;
globalThis.setTimeout = (action, ms, ...rest) => once(action, quick(ms), ...rest);
globalThis.setInterval = (action, ms, ...rest) => often(action, quick(ms), ...rest);
const { setTimeout: wait } = timers;
timers.setTimeout = (ms, ...rest) => wait(quick(ms), ...rest);
const { timeout } = AbortSignal;
AbortSignal.timeout = (ms) => timeout.call(AbortSignal, Math.ceil(quick(ms)));
const { setTimeout: ofSocket } = net.Socket.prototype;
net.Socket.prototype.setTimeout = function (ms, ...rest) {
  return ofSocket.call(this, Math.ceil(quick(ms)), ...rest);
};

// The wall clock keeps the services' time: tokens are signed with it.
const { now } = Date;
const began = now();
if (jump !== 0) {
  Date.now = () => now() + (now() - began >= jumpAfter ? jump : 0);
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, self) => Reflect.construct(target, args.length === 0 ? [target.now()] : args, self),
  });
}
const beganMonotonic = performance.now();
const monotonic = performance.now.bind(performance);
// What is signed goes by it, too: within five minutes of the services' clock.
const slow = Math.min(speed, 3);
performance.now = () => beganMonotonic + (monotonic() - beganMonotonic) * slow;
const { hrtime } = process;
const elapsed = hrtime.bigint.bind(hrtime);
const firstTick = elapsed();
process.hrtime = Object.assign((since) => hrtime.call(process, since), {
  bigint: () => firstTick + (elapsed() - firstTick) * BigInt(slow),
});
