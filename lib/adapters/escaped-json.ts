/** JSON that every service and its emulators take as text. */

/**
 * SQS refuses U+FFFE and U+FFFF, and its emulators all that lies beyond the basic plane; JSON leaves both as they are. As escapes they pass: one
 * character from outside must not stop the log, nor an alert.
 */
export function toEscapedJson(value: unknown): string {
  const toEscape = (unit: string): string => `\\u${unit.charCodeAt(0).toString(16)}`;
  return JSON.stringify(value).replace(/[\ud800-\udfff\ufffe\uffff]/g, toEscape);
}
