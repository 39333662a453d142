// Loaded into a step's process before the task: its clock is CLOCK_AHEAD_MS ahead, so that what has yet to expire has.
const { now } = Date;
const ahead = Number(process.env.CLOCK_AHEAD_MS);
Date.now = () => now() + ahead;
