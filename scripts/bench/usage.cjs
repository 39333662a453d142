// Loaded into a task's process before the task: says at its end what it used, in a line of the file BENCH_USAGE.
const { appendFileSync } = require("node:fs");
const { subscribe } = require("node:diagnostics_channel");

let requests = 0;
subscribe("http.client.request.start", () => {
  requests++;
});
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const used = { cpu: (userCPUTime + systemCPUTime) / 1000, memory: maxRSS / 1024, requests };
  appendFileSync(process.env.BENCH_USAGE, `${JSON.stringify(used)}\n`);
});
