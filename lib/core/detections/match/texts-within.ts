/** All texts of a record, whatever field they are in: what keywords are looked for in. */

/** Whether any text, number or boolean of the value passes the test, however deep. The names of fields are no texts. */
export function someTextWithin(value: unknown, test: (text: string) => boolean): boolean {
  const left: unknown[] = [value];
  while (left.length > 0) {
    const next = left.pop();
    // Not as arguments of one push, of which there can be too many.
    if (typeof next === "object" && next !== null) for (const inner of Object.values(next)) left.push(inner);
    else if (next !== null && next !== undefined && test(String(next))) return true;
  }
  return false;
}
