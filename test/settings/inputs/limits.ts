// Inputs of time limits.
import { flag, made, type Rows, whole } from "./rows.ts";

const minute = 60_000;
const week = 7 * 24 * 60;
const sweep = { inputs: { action: "sweep" } };

export const limits: Readonly<Record<string, Rows>> = {
  timeoutAgentOnline: whole(({ onlineMs }) => onlineMs, { min: 0, max: 3600, usual: 600, per: 1000 }),
  idleTimeoutMinutes: whole(({ idleMs }) => idleMs, { min: 1, max: week, usual: 60, per: minute }),
  lifetimeMinutes: whole(({ lifetimeMs }) => lifetimeMs, { min: 1, max: week, usual: 360, per: minute }),
  skipContainerDeletionOnError: flag((settings) => made(settings).keepOnError),
  containerPrices: {
    of: ({ prices }) => prices,
    good: {
      "currency=eur vCPU=0.045 memory=0.005": { currency: "EUR", vcpuHour: 0.045, gbHour: 0.005, of: "" },
      "date=2026-11-01 memory=1 vcpu=2 currency=USD": { currency: "USD", vcpuHour: 2, gbHour: 1, of: "2026-11-01" },
    },
    bad: {
      "0.045": /^containerPrices: found '0\.045'; allowed: currency=EUR/,
      "currency=EUR vCPU=0,045 memory=1": /^containerPrices: /,
      "currency=EUR vCPU=1": /^containerPrices: /,
      "currency=EUR vCPU=1 memory=1 memory=2": /^containerPrices: /,
      "currency=EUR vCPU=1 memory=1 date=today": /^containerPrices: /,
      "currency=EURO vCPU=1 memory=1": /^containerPrices: /,
    },
    absent: { is: undefined },
  },
  minimumAgeMinutes: whole((settings) => "minimumAgeMs" in settings && settings.minimumAgeMs, {
    min: 0,
    max: week,
    usual: 0,
    per: minute,
    beside: sweep,
  }),
  dryRun: flag((settings) => "dryRun" in settings && settings.dryRun, sweep),
};
