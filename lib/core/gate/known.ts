/** What could be found out, or that it could not and why. */

export type Known<T> = { readonly known: T } | { readonly unknown: string };

/** @param what could not be found out, for people: "who took part in the delivery" */
export async function knownOf<T>(what: string, ask: () => Promise<T>): Promise<Known<T>> {
  try {
    return { known: await ask() };
  } catch (error) {
    return { unknown: `${what}: ${error instanceof Error ? error.message : String(error)}` };
  }
}

export function unknownOf(facts: Known<unknown>): string[] {
  return "unknown" in facts ? [facts.unknown] : [];
}
