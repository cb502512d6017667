/** Objects over AWS's SDK: what is put is what is read, whole or in part, under conditions and with its properties. */
import { Readable } from "node:stream";
import * as s3 from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { failure, type S3Server, START_TIME, startS3 } from "./s3-server.ts";

const Bucket = "objects";
let server: S3Server;
let count = 0;
let Key: string;
beforeAll(async () => {
  server = await startS3();
  await server.client.send(new s3.CreateBucketCommand({ Bucket }));
});
afterAll(() => server.close());
beforeEach(() => {
  Key = `object-${count++}`;
});

const put = (input: Partial<s3.PutObjectCommandInput> = {}) =>
  server.client.send(new s3.PutObjectCommand({ Bucket, Key, Body: "0123456789", ...input }));
const get = (input: Partial<s3.GetObjectCommandInput> = {}) =>
  server.client.send(new s3.GetObjectCommand({ Bucket, Key, ...input }));
async function text(input: Partial<s3.GetObjectCommandInput> = {}): Promise<string | undefined> {
  return (await get(input)).Body?.transformToString();
}
const PRECONDITION_FAILED = { name: "PreconditionFailed", status: 412 };

describe("an object", () => {
  test("gives its bytes, its ETag and its time", async () => {
    const { ETag } = await put();
    expect(ETag).toBe('"781e5e245d69b566979b86e28d23f2c7"');
    const found = await get();
    expect(found).toMatchObject({ ETag, ContentLength: 10, ContentType: "application/octet-stream" });
    expect(found.LastModified).toEqual(new Date(START_TIME));
    expect(await found.Body?.transformToString()).toBe("0123456789");
  });

  test("keeps its headers, metadata and tags, which HEAD tells too", async () => {
    await put({
      ContentType: "text/plain; charset=utf-8",
      ContentEncoding: "gzip",
      CacheControl: "max-age=604800, immutable",
      ContentDisposition: 'attachment; filename="x"',
      Metadata: { origin: "log.example/one" },
      Tagging: "kind=tile&level=0",
      StorageClass: "STANDARD_IA",
    });
    const expected = {
      ContentType: "text/plain; charset=utf-8",
      ContentEncoding: "gzip",
      CacheControl: "max-age=604800, immutable",
      ContentDisposition: 'attachment; filename="x"',
      Metadata: { origin: "log.example/one" },
      StorageClass: "STANDARD_IA",
      ServerSideEncryption: "AES256",
    };
    expect(await get()).toMatchObject({ ...expected, TagCount: 2 });
    expect(await server.client.send(new s3.HeadObjectCommand({ Bucket, Key }))).toMatchObject(expected);
  });

  test("is answered under other headers to who asks for them", async () => {
    await put();
    const found = await get({ ResponseContentType: "text/csv", ResponseCacheControl: "no-store" });
    expect(found).toMatchObject({ ContentType: "text/csv", CacheControl: "no-store" });
  });

  test("may be empty", async () => {
    await put({ Body: "" });
    expect(await text()).toBe("");
    expect(await failure(get({ Range: "bytes=0-0" }))).toEqual({ name: "InvalidRange", status: 416 });
  });

  test("sent as a stream arrives without its chunks' wrapping", async () => {
    const parts = ["first ", "second ", "third"];
    const body = Readable.from(parts.map((part) => Buffer.from(part)));
    await put({ Body: body, ContentLength: parts.join("").length, ContentEncoding: "gzip" });
    const found = await get();
    expect(await found.Body?.transformToString()).toBe("first second third");
    expect(found.ContentEncoding).toBe("gzip");
  });

  test("that is missing is told apart from a missing bucket", async () => {
    expect(await failure(get())).toEqual({ name: "NoSuchKey", status: 404 });
    expect(await failure(get({ Bucket: "no-such-bucket" }))).toEqual({ name: "NoSuchBucket", status: 404 });
    expect(await failure(server.client.send(new s3.HeadObjectCommand({ Bucket, Key })))).toEqual({
      name: "NotFound",
      status: 404,
    });
  });

  test("leaves one version behind in a bucket without versioning, however often it is overwritten", async () => {
    await put({ Body: "one" });
    await put({ Body: "two" });
    expect(await text()).toBe("two");
    const { Versions } = await server.client.send(new s3.ListObjectVersionsCommand({ Bucket, Prefix: Key }));
    expect(Versions).toMatchObject([{ Key, VersionId: "null", IsLatest: true }]);
    await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key }));
    expect(await failure(get())).toEqual({ name: "NoSuchKey", status: 404 });
  });

  test("is never read half overwritten", async () => {
    const bodies = Array.from({ length: 12 }, (_, n) => String(n).repeat(50_000));
    await put({ Body: "start" });
    const writes = bodies.map((Body) => put({ Body }));
    const reads = await Promise.all(bodies.map(() => text()));
    await Promise.all(writes);
    expect(["start", ...bodies]).toEqual(expect.arrayContaining(reads));
  });
});

describe("a range", () => {
  test.each([
    ["bytes=0-3", "0123", "bytes 0-3/10"],
    ["bytes=4-4", "4", "bytes 4-4/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=8-1000", "89", "bytes 8-9/10"],
    ["bytes=-4", "6789", "bytes 6-9/10"],
    ["bytes=-1000", "0123456789", "bytes 0-9/10"],
  ])("%s gives %s", async (Range, expected, ContentRange) => {
    await put();
    const found = await get({ Range });
    expect(found).toMatchObject({ ContentRange, $metadata: { httpStatusCode: 206 } });
    expect(await found.Body?.transformToString()).toBe(expected);
  });

  test.each(["bytes=10-", "bytes=99-100", "bytes=-0"])("%s is outside", async (Range) => {
    await put();
    expect(await failure(get({ Range }))).toEqual({ name: "InvalidRange", status: 416 });
  });

  test.each(["bytes=0-1,3-4", "bytes=5-2", "lines=1-2", "bytes=-"])("%s is ignored, as S3 does", async (Range) => {
    await put();
    const found = await get({ Range });
    expect(found.$metadata.httpStatusCode).toBe(200);
    expect(await found.Body?.transformToString()).toBe("0123456789");
  });
});

describe("a condition", () => {
  test("on a read compares ETags first and times after", async () => {
    const { ETag } = await put();
    const before = new Date(START_TIME - 1000);
    const at = new Date(START_TIME);
    expect(await text({ IfMatch: ETag })).toBe("0123456789");
    expect(await text({ IfMatch: ETag, IfUnmodifiedSince: before })).toBe("0123456789");
    expect(await text({ IfNoneMatch: '"other"', IfModifiedSince: at })).toBe("0123456789");
    expect(await failure(get({ IfMatch: '"other"' }))).toEqual(PRECONDITION_FAILED);
    expect(await failure(get({ IfUnmodifiedSince: before }))).toEqual(PRECONDITION_FAILED);
    expect(await failure(get({ IfNoneMatch: ETag }))).toMatchObject({ status: 304 });
    expect(await failure(get({ IfModifiedSince: at }))).toMatchObject({ status: 304 });
    expect(await text({ IfModifiedSince: before })).toBe("0123456789");
  });

  test("If-Match on a put is a compare-and-swap: of two writers that read the same, one wins", async () => {
    const { ETag } = await put({ Body: "checkpoint 1" });
    const settled = await Promise.allSettled(["2a", "2b"].map((Body) => put({ Body, IfMatch: ETag })));
    expect(settled.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    expect(await failure(put({ IfMatch: ETag }))).toEqual(PRECONDITION_FAILED);
  });

  test("If-Match on a put of what is not there is answered with 404", async () => {
    expect(await failure(put({ IfMatch: '"any"' }))).toEqual({ name: "NoSuchKey", status: 404 });
  });

  test("If-None-Match on a put takes a star only", async () => {
    expect(await failure(put({ IfNoneMatch: '"etag"' }))).toEqual({ name: "NotImplemented", status: 501 });
  });

  test("If-Match on a delete keeps what somebody else has changed", async () => {
    await put();
    const remove = new s3.DeleteObjectCommand({ Bucket, Key, IfMatch: '"other"' });
    expect(await failure(server.client.send(remove))).toEqual(PRECONDITION_FAILED);
    expect(await text()).toBe("0123456789");
  });
});

describe("a copy", () => {
  test("takes bytes, metadata and tags along, or replaces them", async () => {
    await put({ Metadata: { a: "1" }, ContentType: "text/plain", Tagging: "k=v" });
    const CopySource = `/${Bucket}/${Key}`;
    const copied = await server.client.send(new s3.CopyObjectCommand({ Bucket, Key: `${Key}-copy`, CopySource }));
    expect(copied.CopyObjectResult?.ETag).toBe('"781e5e245d69b566979b86e28d23f2c7"');
    expect(await get({ Key: `${Key}-copy` })).toMatchObject({
      Metadata: { a: "1" },
      ContentType: "text/plain",
      TagCount: 1,
    });
    await server.client.send(
      new s3.CopyObjectCommand({ Bucket, Key, CopySource, MetadataDirective: "REPLACE", Metadata: { b: "2" } }),
    );
    expect(await get()).toMatchObject({ Metadata: { b: "2" }, TagCount: 1 });
  });

  test("of a key with every kind of character finds its source", async () => {
    const source = "dir/ä ö?&+%/🔐";
    await put({ Key: source });
    const CopySource = `${Bucket}/${encodeURIComponent(source)}`;
    await server.client.send(new s3.CopyObjectCommand({ Bucket, Key, CopySource }));
    expect(await text()).toBe("0123456789");
  });

  test("onto itself that would change nothing is refused", async () => {
    await put();
    const copy = new s3.CopyObjectCommand({ Bucket, Key, CopySource: `${Bucket}/${Key}` });
    expect(await failure(server.client.send(copy))).toEqual({ name: "InvalidRequest", status: 400 });
  });
});

describe("tags", () => {
  test("are put, read and deleted", async () => {
    await put();
    const TagSet = [
      { Key: "team", Value: "shop & co".replace("&", "+") },
      { Key: "level", Value: "" },
    ];
    await server.client.send(new s3.PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
    expect((await server.client.send(new s3.GetObjectTaggingCommand({ Bucket, Key }))).TagSet).toEqual(TagSet);
    await server.client.send(new s3.DeleteObjectTaggingCommand({ Bucket, Key }));
    expect((await server.client.send(new s3.GetObjectTaggingCommand({ Bucket, Key }))).TagSet).toEqual([]);
  });

  test("are at most ten, with different keys", async () => {
    const eleven = Array.from({ length: 11 }, (_, n) => `k${n}=v`).join("&");
    expect(await failure(put({ Tagging: eleven }))).toEqual({ name: "BadRequest", status: 400 });
    expect(await failure(put({ Tagging: "a=1&a=2" }))).toEqual({ name: "InvalidTag", status: 400 });
  });
});
