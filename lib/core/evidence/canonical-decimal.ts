/** Sizes and indexes as the log's formats write them: ASCII decimal without leading zeros. */

/** @returns undefined for any other text, and for numbers over 2^53 − 1 */
export function parseDecimal(text: string): number | undefined {
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text)) return undefined;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : undefined;
}
