/** Runs work over many things at once, within a bound. */

/**
 * Waits for everything that it started, so that nothing goes on behind its caller's back, then rejects with the first failure. Nothing new is
 * started after a failure.
 */
export async function concurrently<T>(
  limit: number,
  subjects: Iterable<T>,
  work: (subject: T) => Promise<void>,
): Promise<void> {
  const queue = subjects[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let next = queue.next(); next.done !== true && failures.length === 0; next = queue.next()) {
      await work(next.value).catch((cause: unknown) => failures.push(cause));
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}
