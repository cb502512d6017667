/** Words that somebody writes for others to read: what cannot be seen is no part of them. */

/** Tabs and ends of lines are no way to write anything else than a reason. */
export function isPlain(words: string): boolean {
  return !/[^\P{Cc}\t\n\r]|[\p{Cf}\p{Zl}\p{Zp}]/u.test(words) && words.isWellFormed();
}

export const NOT_PLAIN = "holds characters that cannot be seen: write plain text";
