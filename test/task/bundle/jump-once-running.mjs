// Loaded into a step's process before the task: five minutes pass at once when the log says that a container runs. So the
// wait for its agent is over after the start, and not before it on a busy machine.
const { write } = process.stdout;
const monotonic = performance.now.bind(performance);
let passed = 0;
performance.now = () => monotonic() + passed;
process.stdout.write = (chunk, ...rest) => {
  if (/container running$/m.test(String(chunk))) passed = 300_000;
  return write.call(process.stdout, chunk, ...rest);
};
