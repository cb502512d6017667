/** Answers a reader of the log as https://c2sp.org/tlog-tiles#apis says. */
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { OCTET_STREAM } from "../evidence/log-object.ts";
import type { LogSource } from "../evidence/log-source.ts";
import { splitShardPath } from "../evidence/shard.ts";
import { type HttpReply, problem } from "../receive/problem.ts";
import { type LogPathKind, logPathKind } from "./log-path.ts";

/** Lambda's answer is at most 6 MB of JSON, and bytes in it are base64: a third longer. What is around them has room to spare. */
export const MAX_REPLY_BYTES = 4_400_000;

const IMMUTABLE = { "content-type": OCTET_STREAM, "cache-control": "max-age=604800, immutable" };
const NEWEST = { "content-type": "text/plain; charset=utf-8", "cache-control": "no-cache" };

/** Hashes do not compress: of tiles, nothing would be saved. */
const COMPRESSED: ReadonlySet<LogPathKind> = new Set(["entries", "payload"]);

const compress = promisify(gzip);

export interface LogRequest {
  /** Below the log's address, as the client wrote it. */
  readonly path: string;
  readonly acceptEncoding: string | undefined;
}

export interface LogServerWorld {
  readonly log: LogSource;
  /** A URL under which one object can be fetched for some minutes, without further authorisation. */
  presign(path: string): Promise<string>;
}

export interface LogReply extends HttpReply {
  readonly isBase64Encoded: boolean;
}

/**
 * A full bundle of large entries, and a large payload, may not fit an answer of Lambda even when compressed: the client is then sent on to a
 * URL at S3 that was signed for this object. Whoever reads checks the bytes by their hash either way.
 */
export async function serveLog({ path, acceptEncoding }: LogRequest, world: LogServerWorld): Promise<LogReply> {
  const kind = logPathKind(splitShardPath(path).path);
  if (kind === undefined) {
    return text(
      problem(404, "There is no such path in a log: checkpoint, tile/… or payload/…, or these below shard/<n>"),
    );
  }
  const bytes = await world.log.read(path);
  if (bytes === undefined) return text(problem(404, missing(kind)));
  const headers = kind === "checkpoint" ? NEWEST : IMMUTABLE;
  if (!COMPRESSED.has(kind)) return reply(headers, bytes);
  const varying = { ...headers, vary: "accept-encoding" };
  const packed = takesGzip(acceptEncoding) ? await compress(bytes) : bytes;
  const isSmaller = packed.byteLength < bytes.byteLength;
  const body = isSmaller ? packed : bytes;
  if (body.byteLength > MAX_REPLY_BYTES) return sendOn(await world.presign(path));
  return reply(isSmaller ? { ...varying, "content-encoding": "gzip" } : varying, body);
}

function reply(headers: HttpReply["headers"], bytes: Uint8Array): LogReply {
  return { statusCode: 200, headers, body: Buffer.from(bytes).toString("base64"), isBase64Encoded: true };
}

function sendOn(location: string): LogReply {
  // The URL is good for its reader alone, and not for long.
  return { statusCode: 307, headers: { location, "cache-control": "no-store" }, body: "", isBase64Encoded: false };
}

function text(refusal: HttpReply): LogReply {
  // What is not there now may be in a minute.
  return { ...refusal, headers: { ...refusal.headers, "cache-control": "no-cache" }, isBase64Encoded: false };
}

function missing(kind: LogPathKind): string {
  if (kind === "checkpoint") return "Nothing is published yet: checkpoints come once a minute.";
  if (kind === "payload") return "The log has no payload of this hash.";
  return "The log is not that long, or a partial was superseded: fetch the full one of the same index, or start from the newest checkpoint.";
}

/** https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3 */
function takesGzip(acceptEncoding = ""): boolean {
  const weights = acceptEncoding
    .toLowerCase()
    .split(",")
    .map((coding) => /^\s*([\w*-]+)\s*(?:;\s*q=([\d.]+)\s*)?$/.exec(coding) ?? []);
  const named = weights.find(([, name]) => name === "gzip") ?? weights.find(([, name]) => name === "*");
  return named !== undefined && Number(named[2] ?? 1) > 0;
}
