// How many requests ARM says are left: token buckets that fill up again (recorded 2024: 1099 reads, 799 writes, 799 deletes).

interface Bucket {
  readonly name: "reads" | "writes" | "deletes";
  readonly most: number;
  readonly perSecond: number;
  left: number;
  at: number;
}

/** A subscription holds so many principals' buckets. */
const globalFactor = 15;

export class RequestBudgets {
  readonly #buckets: readonly Bucket[] = [
    { name: "reads", most: 1100, perSecond: 25, left: 1100, at: Date.now() },
    { name: "writes", most: 800, perSecond: 10, left: 800, at: Date.now() },
    { name: "deletes", most: 800, perSecond: 10, left: 800, at: Date.now() },
  ];

  /** Counts a request. @returns the headers that tell what is left; nothing is refused, for no recording shows how */
  count(method: string): Record<string, string> {
    const wanted = method === "DELETE" ? "deletes" : method === "GET" || method === "HEAD" ? "reads" : "writes";
    const bucket = this.#buckets.find(({ name }) => name === wanted);
    if (bucket === undefined) return {};
    const now = Date.now();
    const filled = bucket.left + ((now - bucket.at) / 1000) * bucket.perSecond;
    bucket.left = Math.max(Math.min(filled, bucket.most) - 1, 0);
    bucket.at = now;
    const left = Math.floor(bucket.left);
    const all = bucket.most * globalFactor - (bucket.most - left);
    return {
      [`x-ms-ratelimit-remaining-subscription-${wanted}`]: String(left),
      [`x-ms-ratelimit-remaining-subscription-global-${wanted}`]: String(all),
    };
  }
}
