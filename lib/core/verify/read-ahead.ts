/** Fetches ahead of a reader who takes things in order. */

/**
 * Fetches for as many subjects at once as `limit` says. Whoever stops early leaves nothing behind that fails unseen.
 *
 * @returns what was fetched, in the order of the subjects
 */
export async function* readAhead<Subject, Fetched>(
  limit: number,
  subjects: Iterable<Subject> | AsyncIterable<Subject>,
  fetch: (subject: Subject) => Promise<Fetched>,
): AsyncGenerator<Fetched> {
  const ahead: Promise<Fetched>[] = [];
  for await (const subject of subjects) {
    const fetched = fetch(subject);
    fetched.catch(() => undefined);
    ahead.push(fetched);
    if (ahead.length < limit) continue;
    const first = ahead.shift();
    if (first !== undefined) yield await first;
  }
  for (const fetched of ahead) yield await fetched;
}
