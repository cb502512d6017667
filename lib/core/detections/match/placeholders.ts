/** Placeholders of a value: `%deploy_roles%`, filled from what the organisation calls normal. */

/** By name, without the percent signs. The values may hold wildcards. */
export type Placeholders = Readonly<Record<string, readonly string[]>>;

/** A value with several placeholders multiplies: beyond this it is a mistake. */
const MAX_EXPANSIONS = 100_000;

/** An escaped percent sign, or a placeholder with its name. */
const PLACEHOLDER = /\\%|%([\w-]+)%/g;

/** The names in the value, in order. */
export function placeholdersIn(value: string): string[] {
  return [...value.matchAll(PLACEHOLDER)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}

/**
 * Every value that comes of filling the placeholders; none, if one of them is empty.
 *
 * @throws what `invalid` makes, for a placeholder that is not known
 */
export function expandPlaceholders(
  value: string,
  placeholders: Placeholders,
  invalid: (message: string) => Error,
): readonly string[] {
  let expanded = [""];
  let end = 0;
  for (const match of value.matchAll(PLACEHOLDER)) {
    const [written, name] = match;
    const before = value.slice(end, match.index);
    const fillings = name === undefined ? ["%"] : valuesOf(name, placeholders, invalid);
    if (expanded.length * fillings.length > MAX_EXPANSIONS) throw invalid(`stands for over ${MAX_EXPANSIONS} values`);
    expanded = expanded.flatMap((start) => fillings.map((filling) => start + before + filling));
    end = match.index + written.length;
  }
  return expanded.map((start) => start + value.slice(end));
}

/** What every value that comes of it begins and ends with. A filling's last backslash may take away one of the end's: then nothing is told of it. */
export function outerTexts(value: string): { readonly before: string; readonly behind: string } {
  const matches = [...value.matchAll(PLACEHOLDER)];
  const [first] = matches;
  const last = matches.at(-1);
  if (first === undefined || last === undefined) return { before: value, behind: value };
  const behind = value.slice(last.index + last[0].length);
  return { before: value.slice(0, first.index), behind: behind.includes("\\") ? "" : behind };
}

function valuesOf(name: string, placeholders: Placeholders, invalid: (message: string) => Error): readonly string[] {
  const values = Object.hasOwn(placeholders, name) ? placeholders[name] : undefined;
  if (values !== undefined) return values;
  const known = Object.keys(placeholders).map((each) => `%${each}%`);
  throw invalid(`%${name}% is not known; ${known.length > 0 ? `known are ${known.join(", ")}` : "none are"}`);
}
