/** Texts from outside as keys of DynamoDB, which limits their length and takes no empty one. */
import { hash } from "node:crypto";

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
export const MAX_PARTITION_KEY_BYTES = 2_048;
export const MAX_SORT_KEY_BYTES = 1_024;

const HASH_SUFFIX = /#[0-9a-f]{64}$/;
const HASH_SUFFIX_BYTES = 65;

/**
 * The text itself, or its start and the hash of it all. Different texts stay different: whatever ends like a hashed text is hashed too. No
 * result starts with "#", unless the text had nothing else to give, in which case it is "#" and a hash.
 */
export function toKeyText(text: string, limit: number): string {
  const isFit =
    text !== "" &&
    !text.startsWith("#") &&
    !HASH_SUFFIX.test(text) &&
    text.isWellFormed() &&
    Buffer.byteLength(text) <= limit;
  if (isFit) return text;
  const start = cutAt(text.toWellFormed().replace(/^#+/, ""), limit - HASH_SUFFIX_BYTES);
  // As JSON, lone surrogates stay apart, which UTF-8 cannot tell from one another.
  return `${start}#${hash("sha256", JSON.stringify(text), "hex")}`;
}

function cutAt(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.byteLength <= limit) return text;
  let end = limit;
  // Not inside a character: bytes 10xxxxxx continue one.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  return bytes.toString("utf8", 0, end);
}
