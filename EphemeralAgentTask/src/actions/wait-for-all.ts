// Waits for several operations to end and then throws the first failure, so that nothing is still being created during
// clean-up.

/**
 * Waits for all, then throws the first failure: nothing is still being made while the clean-up runs.
 * @throws the first rejection, in order
 */
export async function allOrFirstFailure<T>(work: readonly (Promise<T> | T)[]): Promise<T[]> {
  const ends = await Promise.allSettled(work);
  return ends.map((end) => {
    if (end.status === "rejected") throw end.reason;
    return end.value;
  });
}

/**
 * The same for two things of different kinds.
 * @throws the first rejection, in order
 */
export async function bothOrFirstFailure<One, Other>(one: Promise<One>, other: Promise<Other>): Promise<[One, Other]> {
  await Promise.allSettled([one, other]);
  return [await one, await other];
}
