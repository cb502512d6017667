/** What never changes is asked for once; what could not be had is asked for again. */
export function onceKnown<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    const answer = known ?? ask();
    known = answer;
    answer.catch(() => {
      known = undefined;
    });
    return answer;
  };
}
