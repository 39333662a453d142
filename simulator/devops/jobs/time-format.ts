// Times in the format of Azure DevOps.
let last = 0n;

/**
 * The time as the service writes it: seven digits of a second at most, none of them a zero at the end
 * (recordings, devops: `2019-07-05T22:43:15.7632852Z`, `…:12.57Z`). Times that are asked for one after the other rise.
 * @param at milliseconds since the epoch; now when left out
 */
export function serviceTime(at?: number): string {
  if (at !== undefined) return formatted(BigInt(Math.round(at)) * 10_000n);
  const now = BigInt(Math.round((performance.timeOrigin + performance.now()) * 10_000));
  last = now > last ? now : last + 1n;
  return formatted(last);
}

/** @param ticks of 100 ns since the epoch */
function formatted(ticks: bigint): string {
  const seconds = new Date(Number(ticks / 10_000_000n) * 1000).toISOString().slice(0, 19);
  const fraction = String(ticks % 10_000_000n)
    .padStart(7, "0")
    .replace(/0+$/, "");
  return fraction === "" ? `${seconds}Z` : `${seconds}.${fraction}Z`;
}
