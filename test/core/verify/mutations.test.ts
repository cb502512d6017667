/** Whatever is done to a stored log, verification finds it and says in a sentence what is wrong. */
import { beforeAll, describe, expect, test } from "vitest";
import { memoryLogArchive } from "../../../lib/adapters/memory-log-archive.ts";
import { type VerifiedLog, verifyLog } from "../../../lib/core/verify/verify-log.ts";
import { CHANGED_BYTES } from "./mutations-of-bytes.ts";
import { CHECKPOINTS } from "./mutations-of-checkpoints.ts";
import { MOVED_ENTRIES } from "./mutations-of-entries.ts";
import { OBJECTS } from "./mutations-of-objects.ts";
import { type RecordedLog, recordLog } from "./recorded-log.ts";
import { copyOf, SIZE, SIZES, signer } from "./tampering.ts";

let recorded: RecordedLog;
beforeAll(async () => {
  recorded = await recordLog(SIZES, signer);
});

function verify({ versions }: RecordedLog): Promise<VerifiedLog> {
  const archive = memoryLogArchive(versions);
  return verifyLog({ log: archive, listing: archive, key: signer.key, allRecords: true });
}

describe.each([
  ["bytes", CHANGED_BYTES],
  ["entries", MOVED_ENTRIES],
  ["objects", OBJECTS],
  ["checkpoints", CHECKPOINTS],
])("tampering with %s is found when", (_, mutations) => {
  test.each(mutations)("%s", async (_kind, mutate, sentence) => {
    const log = copyOf(recorded);
    await mutate(log);
    const failure = await verify(log).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: "NOT_VERIFIED", message: expect.stringMatching(sentence) });
    expect(failure).toMatchObject({ message: expect.stringMatching(/That means: .+\.$/) });
  });
});

test("the log that they are made of verifies", async () => {
  const found = { size: SIZE, payloads: 7, checkpoints: SIZES.length + 1, newerEntries: 0, notChecked: [] };
  expect(await verify(copyOf(recorded))).toMatchObject(found);
});
