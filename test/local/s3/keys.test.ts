/** Keys are any text: none of them may become a path on this machine's disk, or another key. */
import { readdir } from "node:fs/promises";
import { request } from "node:http";
import * as s3 from "@aws-sdk/client-s3";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failure, type S3Server, startS3 } from "./s3-server.ts";

const Bucket = "keys";
const MAX_KEY_BYTES = 1024;
let server: S3Server;
beforeAll(async () => {
  server = await startS3();
  await server.client.send(new s3.CreateBucketCommand({ Bucket }));
});
afterAll(() => server.close());

async function roundTrip(Key: string): Promise<void> {
  const body = `body of ${Key}`;
  await server.client.send(new s3.PutObjectCommand({ Bucket, Key, Body: body }));
  const { Body } = await server.client.send(new s3.GetObjectCommand({ Bucket, Key }));
  expect(await Body?.transformToString()).toBe(body);
}

const HOSTILE = [
  "..",
  ".",
  "../../../etc/passwd",
  "a/../b",
  "a//b",
  "//",
  "folder/",
  "a/./b",
  "%2e%2e/%2f",
  "bucket.json",
  "versions/00/x.json",
  "__proto__",
  "constructor",
  "a b+c?d#e&f=g",
  "back\\slash",
  "quote\"'<>&;",
  " leading and trailing ",
  "line\nfeed\r\t",
  "\u0000nul",
  "ünïcödé/日本語/🔐",
  "\ufffd\uffff",
  "CON",
  "~root",
  "C:\\Windows",
  "a".repeat(MAX_KEY_BYTES),
  "é".repeat(MAX_KEY_BYTES / 2),
];

describe("a key", () => {
  test.each(HOSTILE)("%j keeps its own object", async (key) => {
    await roundTrip(key);
  });

  test("leaves nothing on the disk but files named by versions", async () => {
    const names = await readdir(server.directory, { recursive: true });
    const strangers = names.filter(
      (name) =>
        !/^(unfinished|buckets(\/keys(\/bucket\.json|\/versions(\/..(\/\w{32}\.(json|body))?)?)?)?)$/.test(name),
    );
    expect(strangers).toEqual([]);
  });

  test("is found again after a restart, whatever it is", async () => {
    await server.restart();
    for (const Key of HOSTILE) {
      const { Body } = await server.client.send(new s3.GetObjectCommand({ Bucket, Key }));
      expect(await Body?.transformToString()).toBe(`body of ${Key}`);
    }
  });

  test("of any text gives back what was put under it", async () => {
    const keys = fc.oneof(
      fc.string({ unit: "binary", minLength: 1, maxLength: 60 }),
      fc
        .array(fc.constantFrom("..", ".", "/", "//", "%", "%2F", "+", " ", "a", "é", "\u0000"), { minLength: 1 })
        .map((parts) => parts.join("")),
    );
    await fc.assert(fc.asyncProperty(keys, roundTrip), { numRuns: 150 });
  });

  test("is deleted in a batch under its own name", async () => {
    for (const Key of HOSTILE.filter((key) => !key.includes("\u0000") && !key.includes("\uffff"))) {
      const { Deleted } = await server.client.send(
        new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key }] } }),
      );
      expect(Deleted).toEqual([{ Key }]);
      expect(await failure(server.client.send(new s3.HeadObjectCommand({ Bucket, Key })))).toMatchObject({
        status: 404,
      });
    }
  });

  test("is at most 1,024 bytes of UTF-8, not characters", async () => {
    for (const Key of ["a".repeat(MAX_KEY_BYTES + 1), "é".repeat(MAX_KEY_BYTES / 2 + 1)]) {
      const put = server.client.send(new s3.PutObjectCommand({ Bucket, Key, Body: "x" }));
      expect(await failure(put)).toEqual({ name: "KeyTooLongError", status: 400 });
    }
  });
});

describe("a path", () => {
  test.each([
    ["/keys/%ff", 400, "InvalidURI"],
    ["/keys/%", 400, "InvalidURI"],
    ["/../keys/x", 400, "InvalidBucketName"],
    ["/%2e%2e/x", 400, "InvalidBucketName"],
    ["/%2Fetc/passwd", 400, "InvalidBucketName"],
    ["/keys%2F..%2Fother/x", 400, "InvalidBucketName"],
    ["/UPPER/x", 400, "InvalidBucketName"],
    ["/192.168.0.1/x", 400, "InvalidBucketName"],
    ["/keys/..%2F..%2Fbucket.json", 404, "NoSuchKey"],
    ["/keys/../bucket.json", 404, "NoSuchKey"],
  ])("%s is answered with %i %s", async (path, status, code) => {
    const reply = await rawGet(path);
    expect(reply.status).toBe(status);
    expect(reply.body).toContain(`<Code>${code}</Code>`);
  });
});

/** Sends the path as it is: fetch would resolve its dots. */
function rawGet(path: string): Promise<{ readonly status: number | undefined; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url);
    request({ hostname, port, path }, (reply) => {
      let body = "";
      reply.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      reply.on("end", () => resolve({ status: reply.statusCode, body }));
    })
      .on("error", reject)
      .end();
  });
}
