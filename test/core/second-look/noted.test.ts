/** No approval that is in the log is without its second look, whatever its recorder died of. */
import { expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import {
  memoryEvidenceStore,
  memoryFindingsQueue,
  memoryHeadStore,
  memoryStagingStore,
} from "../../../lib/adapters/memory-log-stores.ts";
import { memoryPendingLooks } from "../../../lib/adapters/memory-pending-looks.ts";
import { createAppender } from "../../../lib/core/evidence/append.ts";
import type { AppendEntry } from "../../../lib/core/evidence/append-entry.ts";
import { entry } from "../../adapters/index-entries.ts";

const approval = (event: number): AppendEntry => ({
  bytes: Buffer.from(`approval ${event}`),
  index: entry(event, { action: "pipeline.approve" }),
  findings: [],
});

function world() {
  const [heads, staging, index] = [memoryHeadStore(), memoryStagingStore(), memoryEventIndex()];
  const [evidence, findings, pending] = [memoryEvidenceStore(), memoryFindingsQueue(), memoryPendingLooks()];
  let commits = 0;
  let calls = 0;
  /** @param failing the call from which on nothing is carried out any more, counted over all workers */
  const startWorker = (failing = Number.POSITIVE_INFINITY) => {
    const gate = async <T>(perform: () => Promise<T>): Promise<T> => {
      calls += 1;
      if (calls >= failing) throw new Error("a dead process calls nothing");
      return perform();
    };
    return createAppender({
      origin: "example/0",
      heads: {
        read: () => gate(heads.read),
        replace: (expected, next) => gate(() => heads.replace(expected, next)),
      },
      staging: {
        put: (key, bytes) => gate(() => staging.put(key, bytes)),
        get: (key) => gate(() => staging.get(key)),
      },
      evidence: { create: (path, bytes, type) => gate(() => evidence.create(path, bytes, type)) },
      index: { known: (keys) => gate(() => index.known(keys)), write: (commit) => gate(() => index.write(commit)) },
      findings,
      looks: { note: (looks) => gate(() => pending.note(looks)) },
      now: () => 1_000,
      newCommitId: () => String(++commits),
    });
  };
  return { startWorker, heads, pending, calls: () => calls };
}

const placesIn = async ({ pending }: ReturnType<typeof world>): Promise<number[]> =>
  (await pending.due(Number.MAX_SAFE_INTEGER, 10)).map(({ place }) => place.index);

test("it is noted by the recorder, or by the next one, or publishing, which finishes what it began", async () => {
  const whole = world();
  await whole.startWorker()([approval(1), approval(2)]);
  expect(await placesIn(whole)).toEqual([0, 1]);
  for (let failing = 1; failing <= whole.calls(); failing += 1) {
    const broken = world();
    await expect(broken.startWorker(failing)([approval(1), approval(2)])).rejects.toThrow("a dead process");
    // As publishing does: it appends nothing of its own.
    await broken.startWorker()([]);
    const size = (await broken.heads.read())?.size ?? 0;
    expect({ failing, noted: await placesIn(broken) }).toEqual({ failing, noted: size === 0 ? [] : [0, 1] });
    await broken.startWorker()([approval(1), approval(2)]);
    expect(await placesIn(broken)).toEqual([0, 1]);
  }
});
