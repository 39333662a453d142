import { flag, made, type Rows, whole } from "./rows.ts";

const minute = 60_000;
const week = 7 * 24 * 60;
const sweep = { inputs: { action: "sweep" } };

export const limits: Readonly<Record<string, Rows>> = {
  timeoutAgentOnline: whole(({ onlineMs }) => onlineMs, { min: 0, max: 3600, usual: 600, per: 1000 }),
  idleTimeoutMinutes: whole(({ idleMs }) => idleMs, { min: 1, max: week, usual: 60, per: minute }),
  lifetimeMinutes: whole(({ lifetimeMs }) => lifetimeMs, { min: 1, max: week, usual: 360, per: minute }),
  skipContainerDeletionOnError: flag((settings) => made(settings).keepOnError),
  minimumAgeMinutes: whole((settings) => "minimumAgeMs" in settings && settings.minimumAgeMs, {
    min: 0,
    max: week,
    usual: 0,
    per: minute,
    beside: sweep,
  }),
  dryRun: flag((settings) => "dryRun" in settings && settings.dryRun, sweep),
};
