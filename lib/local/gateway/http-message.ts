/** Reads an HTTP request whole and writes a reply. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { AwsError, type AwsReply, type AwsRequest } from "../aws-service.ts";

/** A request as it came, before anybody asked who sent it. */
export type HttpRequest = Omit<AwsRequest, "service" | "caller">;

/** The largest that a client of ours sends at once is an S3 object, unless it uses multipart uploads. */
export const MAX_BODY_BYTES = 70 * 1024 * 1024;

export type RequestHead = Omit<HttpRequest, "body">;

export function readHead(message: IncomingMessage): RequestHead {
  const [path = "/", query = ""] = splitOnce(message.url ?? "/", "?");
  const headers = Object.fromEntries(
    Object.entries(message.headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(", ") : value]],
    ),
  );
  return { method: message.method ?? "GET", path, query: new URLSearchParams(query), headers };
}

/** @throws AwsError `EntityTooLarge` (413) as soon as the body is known to be over the limit; the rest of it stays unread. */
export function readBody(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = Number(message.headers["content-length"] ?? 0);
    const refuse = (): void => {
      // Leaving a `for await` would destroy the socket, and the answer with it.
      message.pause();
      reject(new AwsError("EntityTooLarge", 413, `A request's body may have ${MAX_BODY_BYTES} bytes.`));
    };
    if (size > MAX_BODY_BYTES) refuse();
    size = 0;
    message.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) refuse();
      else chunks.push(chunk);
    });
    message.once("end", () => resolve(Buffer.concat(chunks)));
    message.once("error", reject);
  });
}

export function writeReply(response: ServerResponse, method: string, reply: AwsReply): void {
  const body = typeof reply.body === "string" ? Buffer.from(reply.body) : reply.body;
  const headers: Record<string, string> = { ...reply.headers };
  const hasLength = Object.keys(headers).some((name) => name.toLowerCase() === "content-length");
  // The answer to a HEAD tells the length of what a GET would send, which only the service knows.
  if (!hasLength && method !== "HEAD" && reply.status !== 204 && reply.status !== 304) {
    headers["content-length"] = String(body.length);
  }
  response.writeHead(reply.status, headers);
  response.end(method === "HEAD" ? undefined : body);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
}
