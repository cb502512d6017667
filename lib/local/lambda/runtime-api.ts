/** The server side of the Lambda runtime API for one process (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html). */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const MEBIBYTE = 1024 * 1024;
/** What Lambda lets a function take and answer in a synchronous invocation. */
export const MAX_PAYLOAD_BYTES = 6 * MEBIBYTE;

interface Invocation {
  readonly id: string;
  readonly functionArn: string;
  readonly event: Buffer;
  /** Epoch milliseconds. */
  readonly deadline: number;
}

/** What the process says about the invocation that it was given. */
export type Said = { readonly outcome: "response" | "error" | "init-error" | "too-large"; readonly payload: Buffer };

export interface RuntimeApi {
  /** HOST:PORT, as AWS_LAMBDA_RUNTIME_API has it. */
  readonly address: string;
  /** Resolves once the process asks for work. */
  whenAsked(): Promise<void>;
  give(invocation: Invocation): void;
  close(): void;
}

export async function startRuntimeApi(onSaid: (said: Said, id: string | undefined) => void): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  let asked = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    const [, id, outcome] =
      /\/runtime\/(?:invocation\/([^/]+)\/)?(response|error|init\/error)$/.exec(request.url ?? "") ?? [];
    if (request.method === "GET" && request.url?.endsWith("/runtime/invocation/next")) {
      waiting = response;
      asked.resolve();
      return;
    }
    if (outcome === undefined) return void response.writeHead(404).end();
    readSaid(request, outcome).then(
      (said) => {
        response.writeHead(said.outcome === "too-large" ? 413 : 202, { "content-length": 0 }).end();
        onSaid(said, id);
      },
      () => response.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  // An invocation may last as long as it likes, and so may the wait for one.
  server.requestTimeout = 0;
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    whenAsked: () => asked.promise,
    give(invocation) {
      asked = Promise.withResolvers<void>();
      waiting?.writeHead(200, headersOf(invocation)).end(invocation.event);
      waiting = undefined;
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function headersOf({ id, functionArn, event, deadline }: Invocation): Record<string, string | number> {
  return {
    "content-type": "application/json",
    "content-length": event.length,
    "lambda-runtime-aws-request-id": id,
    "lambda-runtime-deadline-ms": deadline,
    "lambda-runtime-invoked-function-arn": functionArn,
    // Not sampled: there is no X-Ray daemon to send traces to.
    "lambda-runtime-trace-id": `Root=1-${hex(deadline, 8)}-${id.replaceAll("-", "").slice(0, 24)};Parent=${id.slice(0, 8)}${id.slice(-8)};Sampled=0`,
  };
}

function hex(time: number, digits: number): string {
  return Math.floor(time / 1000)
    .toString(16)
    .padStart(digits, "0");
}

async function readSaid(request: IncomingMessage, outcome: string): Promise<Said> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read on to the end: a sender cut off in the middle would not hear the answer.
    if (size <= MAX_PAYLOAD_BYTES) chunks.push(chunk);
  }
  if (size > MAX_PAYLOAD_BYTES) return { outcome: "too-large", payload: Buffer.alloc(0) };
  const payload = Buffer.concat(chunks);
  if (outcome === "init/error") return { outcome: "init-error", payload };
  return { outcome: outcome === "response" ? "response" : "error", payload };
}
