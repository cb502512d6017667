/** Serves the local S3 over node:http for AWS's SDK, without authorisation. */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { S3Client } from "@aws-sdk/client-s3";
import { AwsError, LOCAL_OWNER, LOCAL_REGION } from "../../../lib/local/aws-service.ts";
import type { EventOutlet } from "../../../lib/local/s3/notify.ts";
import { s3ErrorReply } from "../../../lib/local/s3/s3-error.ts";
import { type S3Service, s3Service } from "../../../lib/local/s3/service.ts";

export interface S3Server {
  readonly client: S3Client;
  readonly url: string;
  readonly directory: string;
  readonly service: S3Service;
  /** Epoch milliseconds of its clock, which stands still until it is moved. */
  time: number;
  /** Forgets all that is in memory and reads the directory again. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export const START_TIME = Date.UTC(2026, 10, 22, 12);
export const DAY_MS = 24 * 60 * 60 * 1000;

/** @param events where events of objects go: nowhere, if left out. */
export async function startS3(events?: EventOutlet): Promise<S3Server> {
  const directory = await mkdtemp(join(tmpdir(), "local-s3-"));
  let time = START_TIME;
  const open = (): Promise<S3Service> => s3Service({ directory, now: () => time, ...(events && { events }) });
  let service = await open();
  const http = createServer((incoming, outgoing) => {
    answer(service, incoming, outgoing).catch((error: unknown) => outgoing.destroy(error as Error));
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const client = new S3Client({
    endpoint: url,
    region: LOCAL_REGION,
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    maxAttempts: 1,
  });
  return {
    client,
    url,
    directory,
    get service() {
      return service;
    },
    get time() {
      return time;
    },
    set time(next) {
      time = next;
    },
    async restart() {
      service = await open();
    },
    async close() {
      client.destroy();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await rm(directory, { recursive: true });
    },
  };
}

async function answer(service: S3Service, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  const [path = "/", query = ""] = (incoming.url ?? "/").split("?", 2);
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
  const request = {
    service: "s3",
    method: incoming.method ?? "GET",
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(headers) as Record<string, string>,
    body: Buffer.concat(chunks),
    caller: LOCAL_OWNER,
  };
  const reply = await describeAndHandle(service, request);
  outgoing.writeHead(reply.status, reply.headers).end(reply.body);
}

async function describeAndHandle(service: S3Service, request: Parameters<S3Service["handle"]>[0]) {
  try {
    return await service.handle(request, service.describe(request).operation);
  } catch (error) {
    if (error instanceof AwsError) {
      return s3ErrorReply(error, request);
    }
    throw error;
  }
}

/** The code and status that a call fails with. */
export async function failure(call: Promise<unknown>): Promise<{ readonly name: string; readonly status: number }> {
  try {
    await call;
  } catch (error) {
    const { name, $metadata } = error as { name: string; $metadata?: { httpStatusCode: number } };
    return { name, status: $metadata?.httpStatusCode ?? 0 };
  }
  throw new Error("The call succeeded, but was expected to fail");
}
