/** From an event to a checkpoint that anybody can verify: signed in KMS by one role, standing on the tiles that are stored. */

import { SignCommand } from "@aws-sdk/client-kms";
import { GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { stackVerifierKey } from "../../bin/commands/stack-verifier-key.ts";
import { s3LogSource } from "../../lib/adapters/s3-log-source.ts";
import { checkConsistency } from "../../lib/core/evidence/check-proof.ts";
import { proveConsistency, readRoot } from "../../lib/core/evidence/prove.ts";
import { openCheckpoint } from "../../lib/core/evidence/signed-checkpoint.ts";
import { tileHashes } from "../../lib/core/evidence/tile-hashes.ts";
import type { VerifierKey } from "../../lib/core/evidence/verifier-key.ts";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { invoke, invokeAnyhow } from "./invoke.ts";
import { readHead, waitForEvents } from "./recorded.ts";
import { roleClients } from "./role-clients.ts";
import { outputOf, PATIENCE, type RunningCloud, runInEmptyFolder } from "./running-cloud.ts";
import { readStory, tellStory } from "./story.ts";

const STORY = readStory();

let running: RunningCloud;
let key: VerifierKey;
beforeAll(async () => {
  running = await runInEmptyFolder();
  const names = ["IntakeQueueUrl", "MessageBucket", "IndexTable", "HeadTable", "EvidenceBucket"] as const;
  const outputs = Object.fromEntries(names.map((name) => [name, outputOf(running, name)])) as Record<
    (typeof names)[number],
    string
  >;
  const signing = { LogOrigin: outputOf(running, "LogOrigin"), SigningKeyArn: outputOf(running, "SigningKeyArn") };
  const stack = { name: "this stack", outputs: { ...outputs, ...signing }, kms: running.clients.kms };
  key = await stackVerifierKey(stack);
});
afterAll(() => running.close());

const log = () => s3LogSource({ client: running.clients.s3, bucket: outputOf(running, "EvidenceBucket") });

async function versionsOf(Key: string): Promise<Uint8Array[]> {
  const Bucket = outputOf(running, "EvidenceBucket");
  const { s3 } = running.clients;
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
  const bodies = Versions.toReversed().map(async ({ VersionId }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    return (await Body?.transformToByteArray()) ?? new Uint8Array();
  });
  return Promise.all(bodies);
}

test("a log without entries has no checkpoint", async () => {
  await invoke(running, "publish");
  expect(await log().read("checkpoint")).toBeUndefined();
});

test("events come in, and the minute's schedule publishes a checkpoint that is the head's", async () => {
  await putRecordedEvents(running.cloud.url, STORY.slice(0, 4));
  await waitForEvents(running, 4);
  // Whichever is first: the schedule, or this.
  await invoke(running, "publish");
  const bytes = await vi.waitFor(async () => {
    const found = await log().read("checkpoint");
    if (found === undefined) throw new Error("there is no checkpoint");
    return found;
  }, PATIENCE);
  const head = await readHead(running);
  const checkpoint = openCheckpoint(bytes, key);
  expect(checkpoint).toMatchObject({ origin: outputOf(running, "LogOrigin"), size: 4, root: head?.root });
  expect(await readRoot(tileHashes(log(), 4), 4)).toBe(checkpoint.root);
});

test("as the log grows, each checkpoint holds the one before, and none is lost", async () => {
  await tellStory(running, { recorded: 4, events: STORY.slice(4) });
  await invoke(running, "publish");
  await invoke(running, "publish");
  const shown = (await versionsOf("checkpoint")).map((bytes) => openCheckpoint(bytes, key));
  const sizes = shown.map(({ size }) => size);
  expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  const [first, last] = [shown[0], shown.at(-1)];
  if (first === undefined || last === undefined) throw new Error("there is no checkpoint");
  // The schedule may have signed what there was between two of the first events.
  expect(sizes).toContain(4);
  expect(last.size).toBe(STORY.length);
  checkConsistency(first, last, await proveConsistency(tileHashes(log(), last.size), first.size, last.size));
});

describe("nobody but the function that publishes", () => {
  const Message = Buffer.from("forged");
  const signature = () =>
    new SignCommand({
      KeyId: outputOf(running, "SigningKeyArn"),
      Message,
      MessageType: "RAW",
      SigningAlgorithm: "ED25519_SHA_512",
    });

  test("can sign or write the checkpoint, the account's root included", async () => {
    const at = { Bucket: outputOf(running, "EvidenceBucket"), Key: "checkpoint", Body: "forged" };
    const before = await log().read("checkpoint");
    const record = await roleClients(running, "record");
    for (const { kms, s3 } of [running.clients, record]) {
      await expect(kms.send(signature())).rejects.toMatchObject({ name: "AccessDeniedException" });
      for (const condition of [{}, { IfMatch: "*" }, { IfNoneMatch: "*" }]) {
        await expect(s3.send(new PutObjectCommand({ ...at, ...condition }))).rejects.toMatchObject({
          name: "AccessDenied",
        });
      }
    }
    record.close();
    expect(await log().read("checkpoint")).toEqual(before);
  });

  test("which in turn cannot move the head, nor write the checkpoint blindly", async () => {
    const publish = await roleClients(running, "publish");
    const at = { Bucket: outputOf(running, "EvidenceBucket"), Key: "checkpoint", Body: "forged" };
    await expect(publish.s3.send(new PutObjectCommand(at))).rejects.toMatchObject({ name: "AccessDenied" });
    publish.close();
  });
});

test("the seal is done, and done again, without a refusal", async () => {
  await invoke(running, "seal");
  await invoke(running, "seal");
});

test("a checkpoint that somebody got in all the same stops the publishing, and nothing is signed over it", async () => {
  const publish = await roleClients(running, "publish");
  const Bucket = outputOf(running, "EvidenceBucket");
  const { ETag } = await publish.s3.send(new GetObjectCommand({ Bucket, Key: "checkpoint" }));
  await publish.s3.send(new PutObjectCommand({ Bucket, Key: "checkpoint", Body: "forged", IfMatch: ETag }));
  publish.close();
  const versions = (await versionsOf("checkpoint")).length;
  expect(await invokeAnyhow(running, "publish")).toContain("is not signed by its key");
  expect(await versionsOf("checkpoint")).toHaveLength(versions);
});
