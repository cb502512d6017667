/** A log that is right verifies, whatever its size, and the summary says what was not looked at. */
import { hash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DELETED, memoryLogArchive } from "../../../lib/adapters/memory-log-archive.ts";
import { memoryLogSource } from "../../../lib/adapters/memory-log-stores.ts";
import { signCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { parsePlace, pathOf } from "../../../lib/core/verify/place.ts";
import { proveEvent } from "../../../lib/core/verify/prove-event.ts";
import { verifyLog } from "../../../lib/core/verify/verify-log.ts";
import { ORIGIN } from "../evidence/log-world.ts";
import { type RecordedLog, recordLog, type Versions } from "./recorded-log.ts";
import { signer } from "./tampering.ts";

const { key } = signer;

function verify(
  { versions }: RecordedLog,
  more: { since?: { name: string; note: Uint8Array }; allRecords?: boolean } = {},
) {
  const archive = memoryLogArchive(versions);
  return verifyLog({ log: archive, listing: archive, key, ...more });
}

/** Takes the last checkpoint away, as if the publisher had not come to it yet. */
function withoutLastCheckpoint({ versions }: RecordedLog): RecordedLog {
  const others = new Map(versions);
  others.set("checkpoint", (versions.get("checkpoint") ?? []).slice(0, -1));
  return { versions: others, signer };
}

describe.each([[[1]], [[255]], [[256]], [[257]], [[3, 256, 512]], [[100, 300, 700]], [[700]]])(
  "a log of batches up to %j",
  (sizes) => {
    test("verifies with every checkpoint that it ever had", async () => {
      const seen: number[] = [];
      const log = await recordLog(sizes, signer);
      const archive = memoryLogArchive(log.versions);
      const verified = await verifyLog({
        log: archive,
        listing: archive,
        key,
        onProgress: (entries) => seen.push(entries),
      });
      expect(verified).toMatchObject({
        origin: ORIGIN,
        size: sizes.at(-1),
        checkpoints: sizes.length + 1,
        newerEntries: 0,
      });
      expect(seen.at(-1)).toBe(sizes.at(-1));
      expect(verified.notChecked).toEqual(["whether every entry is an audit record"]);
    });
  },
);

test("an empty log verifies", async () => {
  const note = await signCheckpoint({ origin: ORIGIN, size: 0, root: hash("sha256", "", "hex") }, signer);
  expect(await verify({ versions: new Map([["checkpoint", [note]]]), signer })).toMatchObject({ size: 0, bytes: 0 });
});

test("a random log of random batches verifies, and no flipped byte of any object that it needs does", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 4 }),
      fc.nat(),
      async (batches, where) => {
        let size = 0;
        const log = await recordLog(
          batches.map((batch) => (size += batch)),
          signer,
        );
        await verify(log);
        const paths = [...log.versions.keys()].filter((name) => name !== "checkpoint");
        const path = paths[where % paths.length] ?? "";
        const bytes = Buffer.from(log.versions.get(path)?.[0] ?? []);
        bytes[where % bytes.length] = (bytes[where % bytes.length] ?? 0) ^ 0x20;
        log.versions.set(path, [bytes]);
        await expect(verify(log)).rejects.toMatchObject({ code: "NOT_VERIFIED" });
      },
    ),
    { numRuns: 40 },
  );
});

test("entries behind the checkpoint are counted, and said not to be signed", async () => {
  const log = withoutLastCheckpoint(await recordLog([100, 300, 700], signer));
  const verified = await verify(log);
  expect(verified).toMatchObject({ size: 300, newerEntries: 400 });
  expect(verified.notChecked.join()).toMatch(/400 entries that are newer than the checkpoint/);
});

test("partials that the bucket's lifecycle took away are not missed, and the last ones are", async () => {
  const log = await recordLog([100, 300, 700], signer);
  const hide = (path: string): Versions => log.versions.set(path, [...(log.versions.get(path) ?? []), DELETED]);
  for (const path of ["tile/0/000.p/100", "tile/entries/000.p/100", "tile/1/000.p/1"]) hide(path);
  await verify(log);
  hide("tile/entries/002.p/188");
  await expect(verify(log)).rejects.toThrow(/^tile\/entries\/002\.p\/188 is missing/);
});

test("payloads that no entry names are reported, and are no error", async () => {
  const log = await recordLog([300], signer);
  log.versions.set(`payload/${"a".repeat(64)}`, [Buffer.of(1)]);
  expect(await verify(log)).toMatchObject({ payloads: 3, unnamedPayloads: 1 });
});

describe("since a checkpoint that somebody kept", () => {
  const kept = async (tree: { size: number; root: string }) => ({
    name: "kept.txt",
    note: await signCheckpoint({ origin: ORIGIN, ...tree }, signer),
  });

  test("verifies a log that has grown from it", async () => {
    const log = await recordLog([100, 300, 700], signer);
    const note = log.versions.get("checkpoint")?.[1] ?? Buffer.of();
    expect(await verify(log, { since: { name: "kept.txt", note } })).toMatchObject({ checkpoints: 5 });
  });

  test("finds a log that is shorter now", async () => {
    const log = await recordLog([100], signer);
    const since = await kept({ size: 300, root: "0".repeat(64) });
    await expect(verify(log, { since })).rejects.toThrow(
      /^checkpoint is of 100 entries, and the log had signed 300 before \(kept\.txt\)/,
    );
  });

  test("finds a log with another past, when its own history was made to fit", async () => {
    const log = await recordLog([100, 300], signer);
    const since = await kept({ size: 200, root: "3".repeat(64) });
    await expect(verify(log, { since })).rejects.toThrow(/^kept\.txt signs the root 3{16}… for the first 200 entries/);
  });
});

test("where nothing can be listed, that is said", async () => {
  const { versions } = await recordLog([300], signer);
  const latest = new Map([...versions].map(([path, stored]) => [path, stored.at(-1) ?? Buffer.of()]));
  const verified = await verifyLog({ log: memoryLogSource(latest), listing: undefined, key });
  expect(verified.notChecked[0]).toMatch(/^objects that should not be there, .* this place lists nothing$/);
  expect(verified.objects).toBeUndefined();
});

test("every path that is a place is written in one way alone", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^tile\/(entries|\d)(\/x?\d{3}){1,3}(\.p\/\d{1,3})?$/), (path) => {
      const place = parsePlace(path);
      if (place !== undefined) expect(pathOf(place)).toBe(path);
    }),
  );
  for (const path of ["tile/0/000.p/256", "tile/7/000", "tile/0/00", "tile/0/000/", "tile/0/000\n", "tile/entries"]) {
    expect(parsePlace(path)).toBeUndefined();
  }
});

describe("an event's proof", () => {
  test("is made by its place and by its id", async () => {
    const { versions } = await recordLog([300, 700], signer);
    const log = memoryLogArchive(versions);
    const byPlace = await proveEvent([{ shard: 0, log, key }], "#650");
    expect(byPlace).toMatchObject({ index: 650, uid: "event-650", size: 700 });
    expect(await proveEvent([{ shard: 0, log, key }], "event-650")).toEqual(byPlace);
  });

  test("is refused for an event that no checkpoint signs, and says to wait", async () => {
    const { versions } = withoutLastCheckpoint(await recordLog([300, 700], signer));
    const log = memoryLogArchive(versions);
    await expect(proveEvent([{ shard: 0, log, key }], "#650")).rejects.toThrow(
      /of 300 entries, so it has no entry #650: .*within a minute/,
    );
    await expect(proveEvent([{ shard: 0, log, key }], "event-650")).rejects.toMatchObject({ code: "INPUT_INVALID" });
  });

  test("is not made of a log that does not prove it", async () => {
    const { versions } = await recordLog([300], signer);
    versions.set("tile/0/000", [Buffer.alloc(8192, 7)]);
    await expect(proveEvent([{ shard: 0, log: memoryLogArchive(versions), key }], "#3")).rejects.toMatchObject({
      code: "NOT_VERIFIED",
    });
  });
});
