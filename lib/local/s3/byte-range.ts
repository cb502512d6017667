/** The Range header (RFC 9110, section 14.2): one range of bytes. */
import { s3Error } from "./s3-error.ts";

export interface ByteRange {
  readonly start: number;
  /** Of the last byte, included. */
  readonly end: number;
}

/** Undefined means the whole: no header, or one that asks for several ranges or cannot be read, which S3 ignores. Throws InvalidRange. */
export function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (from === "" && to === "") {
    return undefined;
  }
  const start = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size - 1 : Math.min(Number(to), size - 1);
  if (from !== "" && to !== "" && Number(to) < Number(from)) {
    return undefined;
  }
  if (start >= size) {
    throw s3Error("InvalidRange");
  }
  return { start, end };
}
