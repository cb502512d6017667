/** Bodies are checked against every digest that comes with them, and unwrapped from aws-chunked. */
import { createHash } from "node:crypto";
import * as s3 from "@aws-sdk/client-s3";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { decodeBody } from "../../../lib/local/s3/aws-chunked.ts";
import { checksumOf } from "../../../lib/local/s3/integrity.ts";
import { failure, type S3Server, startS3 } from "./s3-server.ts";

const Bucket = "integrity";
const Key = "x";
let server: S3Server;
beforeAll(async () => {
  server = await startS3();
  await server.client.send(new s3.CreateBucketCommand({ Bucket }));
});
afterAll(() => server.close());

const hex = (algorithm: string, text: string): string =>
  Buffer.from(checksumOf(Buffer.from(text), algorithm).value, "base64").toString("hex");

async function rawPut(
  body: string,
  headers: Record<string, string>,
): Promise<{ status: number; code: string | undefined }> {
  const reply = await fetch(`${server.url}/${Bucket}/${Key}`, { method: "PUT", body, headers });
  return { status: reply.status, code: /<Code>(.*)<\/Code>/.exec(await reply.text())?.[1] };
}

describe("a checksum", () => {
  test("has the check value of its algorithm's catalogue entry", () => {
    expect(hex("crc32", "123456789")).toBe("cbf43926");
    expect(hex("crc32c", "123456789")).toBe("e3069283");
    expect(hex("crc64nvme", "123456789")).toBe("ae8b14860a799888");
    expect(hex("sha256", "abc")).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  test.each(["CRC32", "CRC32C", "SHA1", "SHA256"] as const)(
    "%s made by the SDK is stored and given back",
    async (name) => {
      await server.client.send(new s3.PutObjectCommand({ Bucket, Key, Body: "content", ChecksumAlgorithm: name }));
      // The SDK compares what it reads with what it is told.
      const found = await server.client.send(new s3.GetObjectCommand({ Bucket, Key, ChecksumMode: "ENABLED" }));
      expect(await found.Body?.transformToString()).toBe("content");
      expect(found[`Checksum${name}`]).toBe(checksumOf(Buffer.from("content"), name.toLowerCase()).value);
    },
  );

  test.each(["crc32", "crc32c", "crc64nvme", "sha1", "sha256", "sha512"])(
    "%s of another body is a BadDigest",
    async (name) => {
      const header = { [`x-amz-checksum-${name}`]: checksumOf(Buffer.from("sent"), name).value };
      expect(await rawPut("sent", header)).toEqual({ status: 200, code: undefined });
      expect(await rawPut("received", header)).toEqual({ status: 400, code: "BadDigest" });
      expect(await rawPut("sent", { [`x-amz-checksum-${name}`]: "AAAA" })).toEqual({
        status: 400,
        code: "InvalidRequest",
      });
    },
  );

  test("that is not known is not passed over", async () => {
    expect(await rawPut("x", { "x-amz-checksum-xxhash64": "AAAA" })).toEqual({ status: 501, code: "NotImplemented" });
    expect(await rawPut("x", { "x-amz-checksum-constructor": "AAAA" })).toEqual({
      status: 501,
      code: "NotImplemented",
    });
    expect(await rawPut("x", { "x-amz-sdk-checksum-algorithm": "CRC32" })).toEqual({
      status: 400,
      code: "InvalidRequest",
    });
  });
});

test("Content-MD5 is compared, and has to be one", async () => {
  const md5 = createHash("md5").update("sent").digest("base64");
  expect(await rawPut("sent", { "content-md5": md5 })).toEqual({ status: 200, code: undefined });
  expect(await rawPut("received", { "content-md5": md5 })).toEqual({ status: 400, code: "BadDigest" });
  expect(await rawPut("sent", { "content-md5": "not base64!" })).toEqual({ status: 400, code: "InvalidDigest" });
});

test("x-amz-content-sha256 is compared where it is a digest", async () => {
  expect(await rawPut("sent", { "x-amz-content-sha256": "0".repeat(64) })).toEqual({
    status: 400,
    code: "XAmzContentSHA256Mismatch",
  });
});

describe("an aws-chunked body", () => {
  const signed = { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" };
  const withTrailer = {
    "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
    "x-amz-trailer": "x-amz-checksum-crc32",
  };

  test("of any chunks is their content", () => {
    const chunks = fc.array(fc.uint8Array({ minLength: 1, maxLength: 300 }), { maxLength: 8 });
    fc.assert(
      fc.property(chunks, (parts) => {
        const signature = `;chunk-signature=${"a".repeat(64)}`;
        const wrapped = [...parts, new Uint8Array()].map((part) =>
          Buffer.concat([Buffer.from(`${part.length.toString(16)}${signature}\r\n`), part, Buffer.from("\r\n")]),
        );
        expect(decodeBody(signed, Buffer.concat(wrapped)).body).toEqual(Buffer.concat(parts));
      }),
    );
  });

  test("is verified by the checksum in its trailer", async () => {
    const { value } = checksumOf(Buffer.from("sent"), "crc32");
    const wrap = (body: string): string => `4\r\n${body}\r\n0\r\nx-amz-checksum-crc32:${value}\r\n\r\n`;
    expect(await rawPut(wrap("sent"), withTrailer)).toEqual({ status: 200, code: undefined });
    expect(await rawPut(wrap("fake"), withTrailer)).toEqual({ status: 400, code: "BadDigest" });
  });

  test("that announces a trailer has to bring it, and no other", async () => {
    const malformed = { status: 400, code: "MalformedTrailerError" };
    expect(await rawPut("4\r\nsent\r\n0\r\n\r\n", withTrailer)).toEqual(malformed);
    expect(await rawPut("4\r\nsent\r\n0\r\nx-amz-object-lock-mode:GOVERNANCE\r\n\r\n", withTrailer)).toEqual(malformed);
  });

  test.each(["", "4\r\nsen", "4\r\nsent", "4\r\nsent\r\n", "zz\r\nsent\r\n0\r\n\r\n", "ffffffff\r\nsent\r\n0\r\n\r\n"])(
    "cut or broken as %j is refused",
    async (body) => {
      expect(await rawPut(body, signed)).toEqual({ status: 400, code: "IncompleteBody" });
    },
  );

  test("shorter than announced is refused", async () => {
    const headers = { ...signed, "x-amz-decoded-content-length": "5" };
    expect(await rawPut("4\r\nsent\r\n0\r\n\r\n", headers)).toEqual({ status: 400, code: "IncompleteBody" });
  });
});

test("a body over the limit is refused before it is stored", async () => {
  const LIMIT_BYTES = 64 * 1024 * 1024;
  const Body = Buffer.alloc(LIMIT_BYTES + 1);
  const put = server.client.send(new s3.PutObjectCommand({ Bucket, Key: "large", Body }));
  expect(await failure(put)).toEqual({ name: "EntityTooLarge", status: 400 });
});
