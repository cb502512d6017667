/** A function of a text whose answers are remembered. */

/** @param capacity answers that are kept at most: with one more, all are forgotten */
export function remembered<T>(capacity: number, ask: (text: string) => T): (text: string) => T {
  const answers = new Map<string, T>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known;
    const answer = ask(text);
    if (answers.size >= capacity) answers.clear();
    answers.set(text, answer);
    return answer;
  };
}
