// Times of Azure Container Instances in seconds, computed in November 2026 from public recordings of 2021 to 2025:
// cassettes of Azure/azure-cli, recorded sessions of Azure/azure-powershell and Azure/azure-sdk-for-js; Linux groups
// without a GPU. Their clock is the `Date` header, so that each is known to a second.

/** From the answer to the PUT to the events Pulling, Pulled and Started. */
type StartPoint = readonly [pulling: number, pulled: number, started: number];

const points = (text: string): readonly StartPoint[] =>
  text.split(",").map((point): StartPoint => {
    const [pulling = 0, pulled = 0, started = 0] = point.trim().split(" ").map(Number);
    return [pulling, pulled, started];
  });

/** Nine groups in a virtual network. */
export const startsInNetwork = points(`
  17 20 30, 21 28 40, 21 29 43, 28 34 47, 30 36 50, 26 36 63, 82 92 99, 84 89 103, 89 104 117
`);

/** 77 groups without one. */
export const publicStarts = points(`
  1 2 10, 4 5 10, 4 5 10, 0 2 11, 1 3 11, 5 6 11, 5 6 11, 2 5 11, 4 6 12, 5 6 13, 4 6 13, 5 7 13, 6 7 14, 3 6 14,
  3 6 14, 5 7 15, 4 6 15, 2 4 15, 5 6 16, 5 6 16, 4 8 16, 5 6 16, 5 6 16, 6 8 16, 2 8 16, 5 8 16, 4 10 16, 5 7 16,
  7 8 16, 6 8 16, 3 7 16, 5 6 17, 5 7 17, 6 8 17, 6 6 17, 5 13 17, 4 7 17, 3 8 17, 4 8 17, 4 5 18, 5 6 18, 5 7 18,
  3 7 18, 6 8 18, 4 6 18, 4 10 19, 1 12 19, 5 9 19, 4 11 20, 4 10 20, 6 9 20, 6 10 20, 4 8 20, 5 9 20, 6 8 21,
  5 15 21, 8 11 21, 3 4 22, 4 6 22, 6 8 23, 5 14 24, 9 14 24, 3 13 25, 5 14 25, 5 9 26, 6 10 27, 17 24 29, 6 8 30,
  6 23 31, 2 3 40, 9 26 40, 6 48 53, 18 61 71, 5 64 77, 18 43 94, 5 156 170, 4 200 225
`);

/** Smallest, median, ninth decile and greatest of what was seen. */
export type Quantiles = readonly [min: number, p50: number, p90: number, max: number];

/**
 * From a request to its answer. Of a PUT in a virtual network there is one recording only. Stop, restart and a read of a
 * standby pool were answered within the second, so they take no time.
 */
export const requestTimes = {
  putInNetwork: [9, 9, 9, 9],
  putPublic: [2, 5, 8, 9],
  /** Out of a standby pool: four recordings of 2024 and 2025. */
  putStandby: [3, 4, 5, 5],
  delete: [3, 4, 6.3, 7],
  read: [0, 1, 1, 1],
  list: [2, 2, 2, 2],
  patch: [4, 4, 4, 4],
  logs: [0, 0, 0.7, 1],
  operation: [0, 0, 1, 1],
  /** Of a container group profile: new, changed, read, deleted. */
  profileCreate: [1, 4, 15.5, 25],
  profileUpdate: [1, 1.5, 1.9, 2],
  profileRead: [0, 1, 1, 1],
  profileDelete: [2, 3, 5.8, 7],
  /** Of a standby pool. */
  poolPut: [2, 5, 5.8, 6],
  poolDelete: [3, 3, 3, 3],
} as const satisfies Record<string, Quantiles>;

/** From Started to Succeeded. */
export const settling: readonly [least: number, most: number] = [2, 5];
