/** What is delivered again is in the log once, whatever the source does not tell of its time. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { memoryEventIndex } from "../../../lib/adapters/memory-event-index.ts";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { NO_RULES } from "../../../lib/core/detections/rule-set.ts";
import { createRecorder } from "../../../lib/core/record/recorder.ts";
import { createLogWorld } from "../evidence/log-world.ts";

const ARRIVED = Date.UTC(2026, 10, 24, 10);
const MINUTE_MS = 60_000;
const settings = {
  configuration: parseConfiguration(readFileSync("gatebook.yml", "utf8"), "gatebook.yml"),
  rules: NO_RULES,
};

/** A deploy key's event tells no time. */
function webhook(receivedAt: number, delivery: string, keyId: number): string {
  const payload = {
    action: "created",
    key: { id: keyId },
    sender: { login: "analima" },
    repository: { full_name: "acme/shop" },
  };
  return JSON.stringify({
    v: 1,
    kind: "webhook",
    source: "github",
    receivedAt,
    headers: { "x-github-event": "deploy_key", "x-github-delivery": delivery },
    body: Buffer.from(JSON.stringify(payload)).toString("base64"),
  });
}

/** The size of a log after these batches. */
async function sizeAfter(...batches: readonly (readonly string[])[]): Promise<number> {
  const record = createRecorder({ settings, index: memoryEventIndex() });
  const append = createLogWorld().startWorker();
  let size = 0;
  for (const batch of batches) {
    const { recorded } = await record(batch.map((body, i) => ({ id: String(i), body })));
    ({ size } = await append(recorded.map((each) => each.append)));
  }
  return size;
}

test("a webhook that arrives again later is recorded once", async () => {
  const [first, again] = [webhook(ARRIVED, "d1", 1), webhook(ARRIVED + MINUTE_MS, "d1", 1)];
  expect(await sizeAfter([first], [again])).toBe(1);
  expect(await sizeAfter([first, again])).toBe(1);
});

test("two deliveries of the same content are two events", async () => {
  expect(await sizeAfter([webhook(ARRIVED, "d1", 1)], [webhook(ARRIVED + MINUTE_MS, "d2", 1)])).toBe(2);
});

test("nobody uses up a delivery's id, which is not signed, with another body", async () => {
  expect(await sizeAfter([webhook(ARRIVED, "d1", 1)], [webhook(ARRIVED + MINUTE_MS, "d1", 2)])).toBe(2);
});
