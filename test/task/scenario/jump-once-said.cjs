// Loaded into a step's process before the task: five minutes pass at once when the log says what JUMP_ONCE_SAID is a pattern
// of. So the time that a container is given is over when it has come so far, and not before it on a busy machine.
const { write } = process.stdout;
const said = new RegExp(process.env.JUMP_ONCE_SAID, "m");
const monotonic = performance.now.bind(performance);
let passed = 0;
performance.now = () => monotonic() + passed;
process.stdout.write = (chunk, ...rest) => {
  if (said.test(String(chunk))) passed = 300_000;
  return write.call(process.stdout, chunk, ...rest);
};
