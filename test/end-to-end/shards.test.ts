/** A log of three shards on the local cloud: recorded, published, pulled, verified, proved, searched, held, and its index made anew. */
import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { GetObjectLegalHoldCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { readKeys } from "../../bin/commands/verifier-key.ts";
import { httpLogSource } from "../../lib/adapters/http-log-source.ts";
import { verifyShards } from "../../lib/core/verify/verify-shards.ts";
import { LOCAL_OWNER_KEY, LOCAL_REGION } from "../../lib/local/aws-service.ts";
import { putRecordedEvents } from "../../lib/local/put-recorded-events.ts";
import { gatebook, linesOf, ROOT } from "../commands/gatebook.ts";
import { synthesisedAnew } from "./assembly.ts";
import { invoke } from "./invoke.ts";
import { listEvidence, readIndex, waitUntilIdle } from "./recorded.ts";
import { emptyFolder, outputOf, type RunningCloud, remove, run } from "./running-cloud.ts";
import { readStory, tellStory } from "./story.ts";

const SHARDS = 3;
const EVENTS = readStory();
const Environment = z.looseObject({
  Environment: z.looseObject({ Variables: z.record(z.string(), z.unknown()) }).optional(),
});

let folder: string;
let running: RunningCloud;
beforeAll(async () => {
  folder = await emptyFolder();
  const assembly = await synthesisedAnew(folder, (template) => {
    for (const { Properties } of Object.values(template.Resources)) {
      const variables = Environment.parse(Properties ?? {}).Environment?.Variables;
      if (variables !== undefined && "LOG_SHARDS" in variables) variables["LOG_SHARDS"] = String(SHARDS);
      if (variables !== undefined) Object.assign(Properties?.["Environment"] ?? {}, { Variables: variables });
    }
    Object.assign(template["Outputs"] ?? {}, { LogShards: { Value: String(SHARDS) } });
  });
  running = await run(join(folder, ".gatebook"), assembly);
  await tellStory(running);
  await waitUntilIdle(running);
  await invoke(running, "publish");
  await invoke(running, "seal");
});
afterAll(async () => {
  await running.close();
  await remove(folder);
});

/** The minute's schedule may have signed what these tests did themselves. */
const atLeast = (count: number) => expect.toSatisfy((number: number) => number >= count, `${count} or more`);
const originOf = (shard: number): string => outputOf(running, "LogOrigin").replace(/0$/, String(shard));

async function succeed(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await gatebook([...args, "--json"], folder);
  expect([code, stderr]).toEqual([0, expect.not.stringContaining("gatebook:")]);
  return linesOf(stdout);
}

test("events are spread over the shards, and an event that comes again is known in its own", async () => {
  const paths = (await listEvidence(running)).map(({ Key }) => Key);
  for (const prefix of ["", "shard/1/", "shard/2/"]) {
    expect(paths.filter((path) => path.startsWith(`${prefix}tile/entries/`)).length).toBeGreaterThan(0);
    expect(paths).toContain(`${prefix}checkpoint`);
  }
  await putRecordedEvents(running.cloud.url, EVENTS);
  await waitUntilIdle(running);
  expect(await readIndex(running)).toHaveLength(EVENTS.length);
});

test("every shard is pulled and verified, with a key for each", async () => {
  const { code, stdout } = await gatebook(["key"], folder);
  expect(code).toBe(0);
  const keys = stdout.trim().split("\n");
  expect(keys.map((key) => key.split("+")[0])).toEqual([0, 1, 2].map(originOf));

  expect(await succeed("pull", "copy")).toEqual([expect.objectContaining({ shards: SHARDS })]);
  expect(await readFile(join(folder, "copy", "verifier-key"), "utf8")).toBe(stdout);
  await writeFile(join(folder, "keys"), stdout);
  const since = ["checkpoint", "shard/1/checkpoint", "shard/2/checkpoint"];
  const kept = since.flatMap((path) => ["--since", join("copy", path)]);
  const [verified] = await succeed("verify", "copy", "--records", "--key", "keys", ...kept);
  expect(verified).toMatchObject({ outcome: "verified", size: atLeast(EVENTS.length), notChecked: [] });
  expect(verified?.["shards"]).toEqual([0, 1, 2].map((shard) => expect.objectContaining({ origin: originOf(shard) })));

  const [alone] = await succeed("verify", join("copy", "shard", "2"), "--key", keys[2] ?? "");
  expect(alone).toMatchObject({ origin: originOf(2) });
});

test("a copy that lost or changed something of one shard is refused, and the shard is named", async () => {
  await cp(join(folder, "copy"), join(folder, "changed"), { recursive: true });
  const bundles = join(folder, "changed", "shard", "1", "tile", "entries", "000.p");
  const bundle = join(bundles, (await readdir(bundles))[0] ?? "");
  const bytes = await readFile(bundle);
  await writeFile(bundle, bytes.fill(0x20, bytes.length - 1));
  const changed = await gatebook(["verify", "changed", "--key", "keys"], folder);
  expect([changed.code, changed.stderr]).toEqual([
    1,
    expect.stringMatching(/^gatebook: shard 1: .*tile\/entries\/000\.p\/\d+ /),
  ]);

  await rm(join(folder, "changed", "shard", "1"), { recursive: true });
  const lost = await gatebook(["verify", "changed", "--key", "keys"], folder);
  expect([lost.code, lost.stderr]).toEqual([1, expect.stringContaining("shard 1: checkpoint is missing")]);
});

test("what is found in any shard is proved by the place that search prints, or by its id", async () => {
  const found = await succeed("search", "--since", "2000-01-01");
  const Found = z.object({
    index: z.number(),
    shard: z.number().optional(),
    record: z.looseObject({
      event: z.looseObject({ time: z.number(), metadata: z.looseObject({ uid: z.string() }) }),
    }),
  });
  const events = found.map((each) => Found.parse(each));
  const ofStory = events.filter(({ record }) => !record.event.metadata.uid.startsWith("evidence.pulled:"));
  expect(ofStory).toHaveLength(EVENTS.length);
  expect(new Set(events.map(({ shard }) => shard))).toEqual(new Set([undefined, 1, 2]));
  const [second] = ofStory.filter(({ shard }) => shard === 2);
  const uid = second?.record.event.metadata.uid ?? "";

  const [byPlace] = await succeed("prove", `#2/${second?.index}`, "--out", "proofs");
  expect(byPlace).toMatchObject({ shard: 2, index: second?.index, uid });
  const [byId] = await succeed("prove", uid, "--from", "copy", "--out", "by-id");
  expect(byId).toMatchObject({ shard: 2, index: second?.index, uid, key: byPlace?.["key"] });
  const { proof, entry } = byPlace as Record<string, string>;
  const check = ["verify", "--proof", proof ?? "", "--entry", entry ?? "", "--key", "keys"];
  expect(await succeed(...check)).toEqual([
    expect.objectContaining({ outcome: "verified", origin: originOf(2), index: second?.index }),
  ]);
});

test("the policy explains an event of another shard, and is compared with the past of all of them", async () => {
  const files = ["--config", join(ROOT, "gatebook.yml"), "--policies", join(ROOT, "rules/access")];
  const found = await succeed("search", "--since", "2000-01-01", "--action", "pipeline.approve");
  const Approval = z.object({ index: z.number(), shard: z.number().default(0), record: z.looseObject({}) });
  const approvals = found.map((each) => Approval.parse(each));
  expect(new Set(approvals.map(({ shard }) => shard)).size).toBeGreaterThan(1);
  for (const { shard, index, record } of approvals) {
    const [explained] = await succeed("policy", "explain", shard === 0 ? `#${index}` : `#${shard}/${index}`, ...files);
    expect(explained?.["recorded"]).toEqual(record["access"]);
  }
  const [past] = await succeed("policy", "check", ...files);
  expect(past).toMatchObject({ kind: "past", allow: atLeast(3), deny: atLeast(1), "not-applicable": atLeast(1) });
  const unknown = await gatebook(["policy", "explain", "#2/9999", ...files], folder);
  expect([unknown.code, unknown.stdout]).toEqual([2, ""]);
  expect(unknown.stderr).toMatch(/the checkpoint of shard 2 is of \d+ entries, so it has no entry #2\/9999/);
});

test("the log is held and released in every shard", async () => {
  const [added] = await succeed("hold", "add", "--all", "--reason", "case 17");
  expect(added).toMatchObject({ entries: atLeast(EVENTS.length), missing: [] });
  const held = await heldObjects();
  expect(held.length).toBe(added?.["versions"]);
  expect(held.filter((path) => path.endsWith("checkpoint"))).toEqual([
    "checkpoint",
    "shard/1/checkpoint",
    "shard/2/checkpoint",
  ]);
  const [listed] = await succeed("hold", "list", "--check");
  expect(listed).toMatchObject({ id: added?.["hold"], state: "active", held: held.length, loose: [], missing: [] });
  expect(listed?.["shards"]).toHaveLength(SHARDS);
  await succeed("hold", "release", "--hold", String(added?.["hold"]), "--reason", "closed");
  expect(await heldObjects()).toEqual([]);
});

test("the index is made anew from all shards, and the log is served with them", async () => {
  const [rebuilt] = await succeed("index", "rebuild");
  expect(rebuilt?.["shards"]).toEqual([0, 1, 2].map((shard) => expect.objectContaining({ shard, from: 0 })));
  const [again] = await succeed("index", "rebuild", "--from", "1/1");
  expect(again?.["shards"]).toEqual([1, 2].map((shard) => expect.objectContaining({ shard, from: 2 - shard })));
  await waitUntilIdle(running);
  await invoke(running, "publish");
  const url = new URL(outputOf(running, "LogUrl"));
  const scope = `${LOCAL_OWNER_KEY}/20261122/${LOCAL_REGION}/execute-api/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
  const log = httpLogSource(url, async () => ({ authorization }));
  const served = await verifyShards({ log, listing: undefined, keys: readKeys(join(folder, "keys")), since: [] });
  expect(served.map(({ origin }) => origin)).toEqual([0, 1, 2].map(originOf));
});

test("with one shard from now on, what the others hold is known, and is still pulled, verified and found", async () => {
  await running.close();
  running = await run(join(folder, ".gatebook"));
  expect(outputOf(running, "LogShards")).toBe("1");
  const before = await readIndex(running);
  await putRecordedEvents(running.cloud.url, EVENTS);
  await waitUntilIdle(running);
  expect(await readIndex(running)).toHaveLength(before.length);
  await invoke(running, "publish");
  await invoke(running, "seal");

  expect(await succeed("pull", "lowered")).toEqual([expect.objectContaining({ shards: SHARDS })]);
  const [verified] = await succeed("verify", "lowered", "--key", "keys");
  expect(verified).toMatchObject({ outcome: "verified", size: atLeast(before.length) });
  const found = await succeed("search", "--since", "2000-01-01");
  expect(new Set(found.map(({ shard }) => shard))).toEqual(new Set([undefined, 1, 2]));
});

async function heldObjects(): Promise<string[]> {
  const Bucket = outputOf(running, "EvidenceBucket");
  const held: string[] = [];
  for (const version of await listEvidence(running)) {
    const command = new GetObjectLegalHoldCommand({ Bucket, ...version });
    const status = await running.clients.s3.send(command).then(
      ({ LegalHold }) => LegalHold?.Status,
      () => undefined,
    );
    if (status === "ON") held.push(version.Key);
  }
  return held.sort();
}
