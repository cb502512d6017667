/** Listings over AWS's SDK: in the order of UTF-8 bytes, rolled up, page by page, for objects and for versions. */
import * as s3 from "@aws-sdk/client-s3";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failure, type S3Server, startS3 } from "./s3-server.ts";

let server: S3Server;
let count = 0;
beforeAll(async () => {
  server = await startS3();
});
afterAll(() => server.close());

async function bucketOf(keys: readonly string[], versioning = false): Promise<string> {
  const Bucket = `listing-${count++}`;
  await server.client.send(new s3.CreateBucketCommand({ Bucket }));
  if (versioning) {
    const VersioningConfiguration = { Status: "Enabled" as const };
    await server.client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  }
  for (const Key of keys) {
    await server.client.send(new s3.PutObjectCommand({ Bucket, Key, Body: Key }));
  }
  return Bucket;
}

const list = (input: s3.ListObjectsV2CommandInput) => server.client.send(new s3.ListObjectsV2Command(input));
const keysOf = ({ Contents = [] }: s3.ListObjectsV2CommandOutput) => Contents.map(({ Key }) => Key);
const prefixesOf = ({ CommonPrefixes = [] }: s3.ListObjectsV2CommandOutput) =>
  CommonPrefixes.map(({ Prefix }) => Prefix);

describe("a listing of objects", () => {
  test("is in the order of UTF-8 bytes, also beyond the Basic Multilingual Plane", async () => {
    const keys = ["a", "Z", "é", "\uffee", "🔐", "", "a/b", "a b"].filter((key) => key !== "");
    const Bucket = await bucketOf(keys);
    const inBytes = keys.toSorted((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
    expect(keysOf(await list({ Bucket }))).toEqual(inBytes);
    await server.restart();
    expect(keysOf(await list({ Bucket }))).toEqual(inBytes);
  });

  test("rolls keys up to the delimiter behind the prefix", async () => {
    const Bucket = await bucketOf([
      "checkpoint",
      "tile/0/000",
      "tile/0/001",
      "tile/1/000",
      "tile/entries/000",
      "tiles",
    ]);
    const top = await list({ Bucket, Delimiter: "/" });
    expect([keysOf(top), prefixesOf(top), top.KeyCount]).toEqual([["checkpoint", "tiles"], ["tile/"], 3]);
    const below = await list({ Bucket, Delimiter: "/", Prefix: "tile/" });
    expect([keysOf(below), prefixesOf(below)]).toEqual([[], ["tile/0/", "tile/1/", "tile/entries/"]]);
    expect(keysOf(await list({ Bucket, Prefix: "tile/0/" }))).toEqual(["tile/0/000", "tile/0/001"]);
    expect(keysOf(await list({ Bucket, StartAfter: "tile/1/000" }))).toEqual(["tile/entries/000", "tiles"]);
  });

  test("in pages of any size, with any prefix and delimiter, is what one page would be", async () => {
    const keys = fc.uniqueArray(
      fc.string({ unit: fc.constantFrom("a", "b", "/", "é", "\uffee", "🔐"), minLength: 1, maxLength: 5 }),
      {
        minLength: 1,
        maxLength: 12,
      },
    );
    const query = fc.record({ Prefix: fc.constantFrom("", "a", "a/", "é"), Delimiter: fc.constantFrom("", "/", "b") });
    await fc.assert(
      fc.asyncProperty(keys, query, fc.integer({ min: 1, max: 4 }), async (names, { Prefix, Delimiter }, MaxKeys) => {
        const Bucket = await bucketOf(names);
        const expected = new Set(
          names.filter((key) => key.startsWith(Prefix)).map((key) => rollUp(key, Prefix, Delimiter)),
        );
        const found: (string | undefined)[] = [];
        let ContinuationToken: string | undefined;
        do {
          const page = await list({
            Bucket,
            Prefix,
            Delimiter,
            MaxKeys,
            ...(ContinuationToken && { ContinuationToken }),
          });
          expect(page.KeyCount).toBeLessThanOrEqual(MaxKeys);
          found.push(...keysOf(page), ...prefixesOf(page));
          ContinuationToken = page.NextContinuationToken;
          expect(page.IsTruncated).toBe(ContinuationToken !== undefined);
        } while (ContinuationToken !== undefined);
        expect(found.toSorted()).toEqual([...expected].toSorted());
      }),
      { numRuns: 40 },
    );
  });

  test("leaves out what is deleted, and prefixes that hold nothing else", async () => {
    const Bucket = await bucketOf(["a/1", "b/1"], true);
    await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "a/1" }));
    const found = await list({ Bucket, Delimiter: "/" });
    expect([keysOf(found), prefixesOf(found)]).toEqual([[], ["b/"]]);
  });

  test("names keys percent-encoded to who asks for it", async () => {
    const Bucket = await bucketOf(["a b/c+d"]);
    expect(keysOf(await list({ Bucket, EncodingType: "url" }))).toEqual(["a%20b/c%2Bd"]);
    expect(keysOf(await list({ Bucket }))).toEqual(["a b/c+d"]);
  });

  test("with a token or a size that is none is refused", async () => {
    const Bucket = await bucketOf([]);
    const invalid = { name: "InvalidArgument", status: 400 };
    expect(await failure(list({ Bucket, ContinuationToken: "garbage" }))).toEqual(invalid);
    expect(await failure(list({ Bucket, ContinuationToken: "bnVsbA" }))).toEqual(invalid);
    expect(await failure(list({ Bucket, MaxKeys: -1 }))).toEqual(invalid);
    expect(await list({ Bucket, MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
  });
});

describe("versions", () => {
  test("are listed newest first under each key, markers among them", async () => {
    const Bucket = await bucketOf(["k", "k", "l"], true);
    const { VersionId } = await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "k" }));
    const { Versions = [], DeleteMarkers } = await versions({ Bucket });
    expect(Versions.map(({ Key, IsLatest }) => [Key, IsLatest])).toEqual([
      ["k", false],
      ["k", false],
      ["l", true],
    ]);
    expect(DeleteMarkers).toMatchObject([{ Key: "k", VersionId, IsLatest: true }]);
    const newest = await server.client.send(
      new s3.GetObjectCommand({ Bucket, Key: "k", VersionId: Versions[0]?.VersionId ?? "" }),
    );
    expect(await newest.Body?.transformToString()).toBe("k");
  });

  test("come back when the delete marker over them is deleted", async () => {
    const Bucket = await bucketOf(["k"], true);
    const { VersionId } = await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "k" }));
    expect(await list({ Bucket })).toMatchObject({ KeyCount: 0 });
    const removed = await server.client.send(
      new s3.DeleteObjectCommand({ Bucket, Key: "k", VersionId: VersionId ?? "" }),
    );
    expect(removed).toMatchObject({ DeleteMarker: true, VersionId });
    expect(keysOf(await list({ Bucket }))).toEqual(["k"]);
  });

  test("written before versioning are called null, and so is what a suspended bucket writes", async () => {
    const Bucket = await bucketOf(["k"]);
    const setVersioning = (Status: "Enabled" | "Suspended") =>
      server.client.send(new s3.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
    await setVersioning("Enabled");
    const { VersionId } = await server.client.send(new s3.PutObjectCommand({ Bucket, Key: "k", Body: "2" }));
    expect(ids(await versions({ Bucket }))).toEqual([VersionId, "null"]);
    await setVersioning("Suspended");
    await server.client.send(new s3.PutObjectCommand({ Bucket, Key: "k", Body: "3" }));
    expect(ids(await versions({ Bucket }))).toEqual(["null", VersionId]);
    await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "k" }));
    const after = await versions({ Bucket });
    expect([ids(after), after.DeleteMarkers?.map((marker) => marker.VersionId)]).toEqual([[VersionId], ["null"]]);
  });

  test.each([1, 2, 3])("are emptied in pages of %i that are deleted before the next is asked for", async (MaxKeys) => {
    const Bucket = await bucketOf(["a", "k", "k", "k", "k", "k", "z"], true);
    let marker: { KeyMarker?: string; VersionIdMarker?: string } | undefined = {};
    while (marker !== undefined) {
      const page: s3.ListObjectVersionsCommandOutput = await versions({ Bucket, MaxKeys, ...marker });
      const Objects = (page.Versions ?? []).map(({ Key, VersionId }) => ({ Key, VersionId: VersionId ?? "" }));
      await server.client.send(new s3.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
      const { NextKeyMarker = "", NextVersionIdMarker = "" } = page;
      marker = page.IsTruncated ? { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker } : undefined;
    }
    expect((await versions({ Bucket })).Versions).toBeUndefined();
    await server.client.send(new s3.DeleteBucketCommand({ Bucket }));
  });

  test.each([1, 2, 3, 4])("in pages of %i come once each, in order", async (MaxKeys) => {
    const Bucket = await bucketOf(["a", "k", "k", "k", "z", "z"], true);
    const all = ids(await versions({ Bucket }));
    const found: (string | undefined)[] = [];
    let page: s3.ListObjectVersionsCommandOutput | undefined;
    do {
      const { NextKeyMarker = "", NextVersionIdMarker = "" } = page ?? {};
      const marker = page === undefined ? {} : { KeyMarker: NextKeyMarker, VersionIdMarker: NextVersionIdMarker };
      page = await versions({ Bucket, MaxKeys, ...marker });
      found.push(...ids(page));
    } while (page.IsTruncated);
    expect(found).toEqual(all);
  });

  test("are rolled up to a delimiter, page by page", async () => {
    const Bucket = await bucketOf(["a/1", "a/1", "a/2", "b", "c/1"], true);
    const first = await versions({ Bucket, Delimiter: "/", MaxKeys: 1 });
    expect(first).toMatchObject({ CommonPrefixes: [{ Prefix: "a/" }], IsTruncated: true, NextKeyMarker: "a/" });
    const rest = await versions({ Bucket, Delimiter: "/", KeyMarker: "a/" });
    expect(rest.Versions?.map(({ Key }) => Key)).toEqual(["b"]);
    expect(rest.CommonPrefixes).toEqual([{ Prefix: "c/" }]);
  });

  test("that never were are told apart from ids that cannot be", async () => {
    const Bucket = await bucketOf(["k"], true);
    const read = (VersionId: string) => server.client.send(new s3.GetObjectCommand({ Bucket, Key: "k", VersionId }));
    expect(await failure(read("0".repeat(32)))).toEqual({ name: "NoSuchVersion", status: 404 });
    expect(await failure(read("../../x"))).toEqual({ name: "InvalidArgument", status: 400 });
  });

  test("that are delete markers cannot be read", async () => {
    const Bucket = await bucketOf(["k"], true);
    const { VersionId = "" } = await server.client.send(new s3.DeleteObjectCommand({ Bucket, Key: "k" }));
    const read = server.client.send(new s3.GetObjectCommand({ Bucket, Key: "k", VersionId }));
    expect(await failure(read)).toEqual({ name: "MethodNotAllowed", status: 405 });
    const reply = await fetch(`${server.url}/${Bucket}/k`);
    expect([reply.status, reply.headers.get("x-amz-delete-marker")]).toEqual([404, "true"]);
  });
});

const versions = (input: s3.ListObjectVersionsCommandInput) =>
  server.client.send(new s3.ListObjectVersionsCommand(input));
const ids = ({ Versions = [] }: s3.ListObjectVersionsCommandOutput) => Versions.map(({ VersionId }) => VersionId);

function rollUp(key: string, prefix: string, delimiter: string): string {
  const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
  return cut < 0 ? key : key.slice(0, cut + delimiter.length);
}
