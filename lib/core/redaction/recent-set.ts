/** A set of texts that were seen lately, of bounded size. */

export interface RecentSet {
  has(text: string): boolean;
  add(text: string): void;
}

/** Holds twice `capacity` at most. What is asked for again stays; what is not is forgotten when as many others have come. */
export function recentSet(capacity: number): RecentSet {
  let young = new Set<string>();
  let old = new Set<string>();
  const add = (text: string): void => {
    if (young.size >= capacity) {
      old = young;
      young = new Set();
    }
    young.add(text);
  };
  return {
    has: (text) => {
      if (young.has(text)) return true;
      if (!old.has(text)) return false;
      add(text);
      return true;
    },
    add,
  };
}
