// Loaded into a step's process before the task: on SIGUSR2 something fails that nobody waits for.
process.on("SIGUSR2", () => {
  if (process.env.UNEXPECTED === "rejection") Promise.reject(new RangeError("nobody expected this"));
  else
    setImmediate(() => {
      throw Object.assign(new TypeError("nobody expected this"), { code: "Z_DATA_ERROR" });
    });
});
