/** Reading log files out of S3: what can be read in chunks, and what to do about what cannot. */

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { s3LogFiles } from "../../lib/adapters/s3-log-files.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { startS3 } from "../local/s3/s3-server.ts";

const BUCKET = "acme-trail";
const CONTENT = Buffer.alloc(3_000_000, "0123456789");

let s3: Awaited<ReturnType<typeof startS3>>;
beforeAll(async () => {
  s3 = await startS3();
  await s3.client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  for (const Key of ["large.json", "logs/é +%2B.json"]) {
    await s3.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: CONTENT }));
  }
});
afterAll(() => s3.close());

async function read(key: string, bucket = BUCKET, client = s3.client): Promise<Buffer[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of await s3LogFiles(client)({ bucket, key })) chunks.push(Buffer.from(chunk));
  return chunks;
}

test.each(["large.json", "logs/é +%2B.json"])("the object %s arrives whole, in chunks", async (key) => {
  const chunks = await read(key);
  expect(Buffer.concat(chunks).equals(CONTENT)).toBe(true);
  expect(chunks.length).toBeGreaterThan(1);
});

test("an object or a bucket that is not there is said, with what to do", async () => {
  await expect(read("gone.json")).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: expect.stringMatching(/^is not there any more: restore/),
  });
  await expect(read("x.json", "no-such-bucket")).rejects.toMatchObject({
    code: "INPUT_INVALID",
    message: expect.stringMatching(/sources\.cloudtrailBucket/),
  });
});

describe("an answer of S3", () => {
  let server: Server;
  let answer = { status: 500, body: "", length: 0 };
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.writeHead(answer.status, { "content-type": "application/xml", "content-length": answer.length });
      response.write(answer.body);
      if (answer.length === answer.body.length) response.end();
      else setImmediate(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const client = () =>
    new S3Client({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      region: "eu-west-1",
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 1,
    });
  const refuse = (status: number, code: string): void => {
    const body = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>said</Message></Error>`;
    answer = { status, body, length: body.length };
  };

  test.each([
    [403, "AccessDenied", /^cannot be read: .*docs\/operations\.md#import-cloudtrails-log-files/],
    [403, "InvalidObjectState", /^is archived/],
  ])("that no later try changes is put in words: %i %s", async (status, code, message) => {
    refuse(status, code);
    await expect(read("x.json", BUCKET, client())).rejects.toMatchObject({
      code: "INPUT_INVALID",
      message: expect.stringMatching(message),
    });
  });

  test.each([
    [500, "InternalError"],
    [503, "SlowDown"],
    [403, "RequestTimeTooSkewed"],
    [403, "ExpiredToken"],
  ])("that may pass is thrown as it is: %i %s", async (status, code) => {
    refuse(status, code);
    const error = await read("x.json", BUCKET, client()).catch((cause: unknown) => cause);
    expect(error).toMatchObject({ name: code });
    expect(error).not.toBeInstanceOf(GatebookError);
  });

  test("that breaks off in the middle is no short file", async () => {
    answer = { status: 200, body: '{"Records":[', length: 1_000 };
    const error = await read("x.json", BUCKET, client()).catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(GatebookError);
  });
});
