/** The log over HTTP on the running stack: by IAM alone, to the byte, and large objects by way of S3. */
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { dynamoDbHeadStore } from "../../lib/adapters/dynamodb-head-store.ts";
import { parseCheckpoint } from "../../lib/core/evidence/checkpoint.ts";
import { decodeBundle } from "../../lib/core/evidence/entry-bundle.ts";
import { parseNote } from "../../lib/core/evidence/signed-note.ts";
import { bundlePath } from "../../lib/core/evidence/tile-path.ts";
import { LOCAL_OWNER_KEY, LOCAL_REGION } from "../../lib/local/aws-service.ts";
import { readEntries, waitUntilIdle } from "./recorded.ts";
import { outputOf, type RunningCloud, runInEmptyFolder } from "./running-cloud.ts";
import { readStory, tellStory } from "./story.ts";

/** A checkpoint is published once a minute. */
const A_MINUTE = { timeout: 100_000, interval: 500 };
const LARGE_BYTES = 5_000_000;

let running: RunningCloud;
beforeAll(async () => {
  running = await runInEmptyFolder();
  await tellStory(running);
  await waitUntilIdle(running);
});
afterAll(() => running.close());

function get(path: string, headers: Readonly<Record<string, string>> = {}, key = LOCAL_OWNER_KEY): Promise<Response> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${key}/20261122/${LOCAL_REGION}/execute-api/aws4_request, SignedHeaders=host, Signature=0`;
  return fetch(`${outputOf(running, "LogUrl")}/${path}`, {
    headers: { ...(key !== "" && { authorization }), ...headers },
    redirect: "manual",
  });
}

test("nobody reads it without IAM", async () => {
  for (const key of ["", "NOBODY"]) expect((await get("checkpoint", {}, key)).status).toBe(403);
});

test("its entries are those that are stored, compressed or not", async () => {
  const tableName = outputOf(running, "HeadTable");
  const heads = dynamoDbHeadStore({
    client: running.clients.dynamodb,
    tableName,
    origin: outputOf(running, "LogOrigin"),
  });
  const size = (await heads.read())?.size ?? 0;
  const stored = await readEntries(running);
  for (const acceptEncoding of ["gzip", "identity"]) {
    const reply = await get(bundlePath(0, size), { "accept-encoding": acceptEncoding });
    expect([reply.status, reply.headers.get("content-type"), reply.headers.get("cache-control")]).toEqual([
      200,
      "application/octet-stream",
      "max-age=604800, immutable",
    ]);
    expect(reply.headers.get("content-encoding")).toBe(acceptEncoding === "gzip" ? "gzip" : null);
    const entries = decodeBundle(new Uint8Array(await reply.arrayBuffer()));
    expect(entries.map((entry) => Buffer.from(entry).toString())).toEqual(stored);
  }
});

test("its checkpoint is the published one", { timeout: A_MINUTE.timeout + 20_000 }, async () => {
  await vi.waitFor(async () => {
    const reply = await get("checkpoint");
    expect([reply.status, reply.headers.get("cache-control")]).toEqual([200, "no-cache"]);
    const { text } = parseNote(new Uint8Array(await reply.arrayBuffer()));
    expect(parseCheckpoint(text).size).toBe(readStory().length);
  }, A_MINUTE);
});

test("what is not there is a problem, and what is no path of a log as well", async () => {
  for (const path of ["tile/0/999", "staged/1", "tile/0/..%2f..%2fcheckpoint", "verifier"]) {
    const reply = await get(path);
    expect([reply.status, reply.headers.get("content-type")]).toEqual([404, "application/problem+json"]);
    expect(await reply.json()).toMatchObject({ status: 404, detail: expect.any(String) });
  }
});

test("an object too large for an answer is fetched from S3, by a URL that lets its bearer in", async () => {
  const Key = `payload/${"ab".repeat(32)}`;
  const Body = Buffer.alloc(LARGE_BYTES, "large ");
  const Bucket = outputOf(running, "EvidenceBucket");
  await running.clients.s3.send(new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch: "*" }));
  const reply = await get(Key, { "accept-encoding": "identity" });
  expect([reply.status, reply.headers.get("cache-control")]).toEqual([307, "no-store"]);
  const fetched = await fetch(reply.headers.get("location") ?? "");
  expect([fetched.status, Buffer.from(await fetched.arrayBuffer()).equals(Body)]).toEqual([200, true]);
  const packed = await get(Key, { "accept-encoding": "gzip" });
  expect([packed.status, Buffer.from(await packed.arrayBuffer()).equals(Body)]).toEqual([200, true]);
});
