/** A batch with messages too large for the queue: nothing lost, nothing twice, and never all of it in memory. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import {
  memoryEvidenceStore,
  memoryFindingsQueue,
  memoryHeadStore,
  memoryStagingStore,
} from "../../../lib/adapters/memory-log-stores.ts";
import { memoryMessageStore } from "../../../lib/adapters/memory-message-store.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { NO_RULES } from "../../../lib/core/detections/rule-set.ts";
import { type Append, createAppender } from "../../../lib/core/evidence/append.ts";
import type { MessageStore } from "../../../lib/core/receive/message-store.ts";
import { toQueueText } from "../../../lib/core/receive/stored-message.ts";
import { type BatchWorld, MAX_SLICE_BYTES, recordBatch } from "../../../lib/core/record/record-batch.ts";
import { type Arrival, createRecorder } from "../../../lib/core/record/recorder.ts";

const settings = {
  configuration: parseConfiguration(readFileSync("gatebook.yml", "utf8"), "gatebook.yml"),
  rules: NO_RULES,
};
const MEBIBYTE = 1024 * 1024;

/** The log in memory, and a message store that counts what it has handed out. */
interface World extends BatchWorld {
  readonly objects: Map<string, Uint8Array>;
  readonly steps: string[];
}

function world(): World {
  const index = memoryEventIndex();
  let commits = 0;
  const append = createAppender({
    origin: "gatebook.test/0",
    heads: memoryHeadStore(),
    staging: memoryStagingStore(),
    evidence: memoryEvidenceStore(),
    index,
    findings: memoryFindingsQueue(),
    now: () => 1,
    newCommitId: () => String(commits++),
  });
  const objects = new Map<string, Uint8Array>();
  const memory = memoryMessageStore(objects);
  const steps: string[] = [];
  const messages: MessageStore = {
    put: memory.put,
    get(key, maxBytes) {
      steps.push("fetch");
      return memory.get(key, maxBytes);
    },
  };
  const record = createRecorder({ settings, index });
  const counted: Append = async (entries) => {
    const appended = await append(entries);
    steps.push(`append ${entries.length}`);
    return appended;
  };
  return {
    objects,
    messages,
    steps,
    record,
    append: counted,
    hasTime: () => true,
  };
}

function own(uid: string, bytes = 10): string {
  const message = "x".repeat(bytes);
  return JSON.stringify({ v: 1, kind: "gatebook", uid, time: 1, type: "drill", principal: "gatebook", message });
}

async function arrivals(messages: MessageStore, sizes: readonly number[]): Promise<Arrival[]> {
  return Promise.all(
    sizes.map(async (bytes, i) => ({ id: `m${i}`, body: await toQueueText(own(`e${i}`, bytes), messages) })),
  );
}

describe("a batch", () => {
  test("of small messages is one append", async () => {
    const here = world();
    const outcome = await recordBatch(await arrivals(here.messages, Array(50).fill(10)), here);
    expect(outcome).toEqual({ recorded: 50, duplicates: 0, rejected: [], postponed: [] });
    expect(here.steps).toEqual(["append 50"]);
  });

  test("of large ones is fetched slice by slice, each in the log before the next is fetched", async () => {
    const here = world();
    const sizes = [3, 3, 0, 3, 3, 3].map((mebibytes) => mebibytes * MEBIBYTE);
    const outcome = await recordBatch(await arrivals(here.messages, sizes), here);
    expect(outcome).toMatchObject({ recorded: 6, rejected: [], postponed: [] });
    expect(here.steps).toEqual(["fetch", "fetch", "append 3", "fetch", "fetch", "append 2", "fetch", "append 1"]);
    expect(3 * 3 * MEBIBYTE).toBeGreaterThan(MAX_SLICE_BYTES);
  });

  test("that comes again is known", async () => {
    const here = world();
    const batch = await arrivals(here.messages, [10, 2 * MEBIBYTE]);
    await recordBatch(batch, here);
    expect(await recordBatch(batch, here)).toMatchObject({ recorded: 0, duplicates: 2 });
  });

  test("without time for all of it does its first slice and asks for the rest again", async () => {
    const here = world();
    const batch = await arrivals(here.messages, Array(4).fill(5 * MEBIBYTE));
    const outcome = await recordBatch(batch, Object.assign(here, { hasTime: () => false }));
    expect(outcome).toMatchObject({ recorded: 1, postponed: [{ id: "m1" }, { id: "m2" }, { id: "m3" }] });
    expect(here.steps).toEqual(["fetch", "append 1"]);
  });

  test("with a pointer to nothing records the others and puts the pointer aside", async () => {
    const here = world();
    const [small, large, gone] = await arrivals(here.messages, [10, 2 * MEBIBYTE, 2 * MEBIBYTE + 1]);
    here.objects.delete(JSON.parse(gone?.body ?? "").key);
    const outcome = await recordBatch([small, large, gone] as Arrival[], here);
    expect(outcome).toMatchObject({ recorded: 2, postponed: [] });
    expect(outcome.rejected).toEqual([{ ...gone, reason: expect.stringContaining("is not there") }]);
  });

  test("with a stored message that is no event puts its pointer aside, not its megabytes", async () => {
    const here = world();
    const body = await toQueueText(
      JSON.stringify({ v: 1, kind: "fax", page: "x".repeat(2 * MEBIBYTE) }),
      here.messages,
    );
    const outcome = await recordBatch([{ id: "fax", body }], here);
    expect(outcome.rejected).toEqual([{ id: "fax", body, reason: expect.stringContaining("kind: is neither") }]);
  });

  test("with a pointer to a pointer goes no further than the first", async () => {
    const here = world();
    const inner = await toQueueText(own("e", 2 * MEBIBYTE), here.messages);
    const key = JSON.parse(inner).key;
    const outer = await toQueueText(`${inner}${" ".repeat(2 * MEBIBYTE)}`, here.messages);
    const outcome = await recordBatch([{ id: "nested", body: outer }], here);
    expect(outcome).toMatchObject({ recorded: 0, rejected: [{ id: "nested", body: outer }] });
    expect([here.steps.filter((step) => step === "fetch").length, here.objects.has(key)]).toEqual([1, true]);
  });

  test("with a store that fails for one message asks for that one again", async () => {
    const here = world();
    const batch = await arrivals(here.messages, [10, 2 * MEBIBYTE, 10]);
    const messages = { ...here.messages, get: () => Promise.reject(new Error("SlowDown")) };
    const outcome = await recordBatch(batch, { ...here, messages });
    expect(outcome).toMatchObject({
      recorded: 2,
      rejected: [],
      postponed: [{ id: "m1", error: new Error("SlowDown") }],
    });
    expect(await recordBatch(batch, here)).toMatchObject({ recorded: 1, duplicates: 2 });
  });

  test("whose log fails in the second slice throws, and loses and doubles nothing the next time", async () => {
    const here = world();
    const batch = await arrivals(here.messages, Array(3).fill(5 * MEBIBYTE));
    let calls = 0;
    const append: Append = (entries) => (++calls === 2 ? Promise.reject(new Error("away")) : here.append(entries));
    await expect(recordBatch(batch, { ...here, append })).rejects.toThrow("away");
    expect(await recordBatch(batch, here)).toMatchObject({ recorded: 2, duplicates: 1 });
  });

  test("that is empty still lets the log finish what another writer left", async () => {
    const here = world();
    expect(await recordBatch([], here)).toMatchObject({ recorded: 0 });
    expect(here.steps).toEqual(["append 0"]);
  });
});
