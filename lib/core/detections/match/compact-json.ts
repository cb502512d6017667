/** JSON text without spaces, of values however deep. */

/** A value still to be written, or text that is. */
type Part = { readonly value: unknown } | string;

/** Equal to `JSON.stringify`, which gives up on values nested so deep that they exhaust its stack. */
export function compactJson(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    return writeDeep(value);
  }
}

function writeDeep(value: unknown): string {
  const written: string[] = [];
  const left: Part[] = [{ value }];
  for (let part = left.pop(); part !== undefined; part = left.pop()) {
    if (typeof part === "string") written.push(part);
    else if (typeof part.value !== "object" || part.value === null) written.push(JSON.stringify(part.value));
    else for (const inner of partsOf(part.value).toReversed()) left.push(inner);
  }
  return written.join("");
}

function partsOf(value: object): Part[] {
  if (Array.isArray(value)) {
    return ["[", ...value.flatMap((element, i): Part[] => [i > 0 ? "," : "", { value: element }]), "]"];
  }
  const members = Object.entries(value).flatMap(([key, member], i): Part[] => [
    `${i > 0 ? "," : ""}${JSON.stringify(key)}:`,
    { value: member },
  ]);
  return ["{", ...members, "}"];
}
