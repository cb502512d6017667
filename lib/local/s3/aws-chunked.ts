/** Decodes bodies sent in aws-chunked encoding (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html). */
import { s3Error } from "./s3-error.ts";

export interface DecodedBody {
  readonly body: Buffer;
  /** Headers sent behind the body, such as its checksum. Names in lower case. */
  readonly trailers: Readonly<Record<string, string>>;
}

const CRLF = Buffer.from("\r\n");
const CHUNK_HEADER = /^([0-9a-fA-F]{1,8})(?:;chunk-signature=[0-9a-f]+)?$/;
const TRAILER = /^([A-Za-z0-9-]+):(.*)$/s;
const MAX_LINE_BYTES = 4096;

/** Bodies that are not aws-chunked pass through. Chunk signatures are not looked at: who calls is the gateway's business. */
export function decodeBody(headers: Readonly<Record<string, string>>, body: Buffer): DecodedBody {
  if (!isChunked(headers)) {
    return { body, trailers: {} };
  }
  const { chunks, end } = readChunks(body);
  const decoded = Buffer.concat(chunks);
  const announced = headers["x-amz-decoded-content-length"];
  if (announced !== undefined && Number(announced) !== decoded.length) {
    throw s3Error("IncompleteBody", `The body holds ${decoded.length} bytes, but ${announced} were announced`);
  }
  return { body: decoded, trailers: readTrailers(body, end, announcedTrailers(headers)) };
}

function isChunked(headers: Readonly<Record<string, string>>): boolean {
  return (
    headers["x-amz-content-sha256"]?.startsWith("STREAMING-") === true ||
    /(^|,)\s*aws-chunked\s*(,|$)/.test(headers["content-encoding"] ?? "")
  );
}

function readChunks(body: Buffer): { readonly chunks: Buffer[]; readonly end: number } {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const header = readLine(body, at);
    const size = Number.parseInt(CHUNK_HEADER.exec(header.text)?.[1] ?? "", 16);
    if (Number.isNaN(size)) {
      throw s3Error("IncompleteBody", "A chunk's header is not well-formed");
    }
    if (size === 0) {
      return { chunks, end: header.next };
    }
    const end = header.next + size;
    if (!body.subarray(end, end + CRLF.length).equals(CRLF)) {
      throw s3Error("IncompleteBody");
    }
    chunks.push(body.subarray(header.next, end));
    at = end + CRLF.length;
  }
}

function readTrailers(body: Buffer, start: number, announced: readonly string[]): Record<string, string> {
  const trailers: Record<string, string> = {};
  for (let at = start; at < body.length; ) {
    const line = readLine(body, at);
    at = line.next;
    if (line.text === "") {
      break;
    }
    const [, name = "", value = ""] = TRAILER.exec(line.text) ?? [];
    if (announced.includes(name.toLowerCase())) {
      trailers[name.toLowerCase()] = value.trim();
    } else if (name.toLowerCase() !== "x-amz-trailer-signature") {
      throw s3Error("MalformedTrailerError");
    }
  }
  if (announced.some((name) => trailers[name] === undefined)) {
    throw s3Error("MalformedTrailerError", "A trailer that x-amz-trailer announces is missing");
  }
  return trailers;
}

function announcedTrailers(headers: Readonly<Record<string, string>>): readonly string[] {
  return (headers["x-amz-trailer"] ?? "")
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((name) => name !== "");
}

function readLine(body: Buffer, start: number): { readonly text: string; readonly next: number } {
  const end = body.indexOf(CRLF, start);
  if (end < 0 || end - start > MAX_LINE_BYTES) {
    throw s3Error("IncompleteBody");
  }
  return { text: body.toString("latin1", start, end), next: end + CRLF.length };
}
