/** Base64 with one text for each sequence of bytes (https://www.rfc-editor.org/rfc/rfc4648#section-4). */

/**
 * Node decodes leniently, and what decodes leniently can be altered without being noticed: only what encodes to the same text is taken.
 *
 * @returns undefined for anything else
 */
export function decodeBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64");
  return bytes.toString("base64") === text ? bytes : undefined;
}
