/** What holding evidence of a running stack takes: its holds, its objects, and a record of what is done before it is done. */
import { randomUUID } from "node:crypto";
import { dynamoDbEventIndex } from "../../lib/adapters/dynamodb-event-index.ts";
import { s3LegalHold } from "../../lib/adapters/s3-legal-hold.ts";
import { s3LogSource } from "../../lib/adapters/s3-log-source.ts";
import { s3MessageStore } from "../../lib/adapters/s3-message-store.ts";
import { sqsIntakeQueue } from "../../lib/adapters/sqs-intake-queue.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { formatPlace } from "../../lib/core/evidence/entry-place.ts";
import type { CarriedOut, HoldWorld } from "../../lib/core/holds/carry-out-hold.ts";
import { type Hold, type HoldEvent, isHoldId, MAX_REASON_CHARS } from "../../lib/core/holds/hold.ts";
import { type Holds, readHolds } from "../../lib/core/holds/read-holds.ts";
import type { Classification } from "../../lib/core/record/classify.ts";
import { prepareRecord } from "../../lib/core/record/prepare-record.ts";
import { progressLine } from "./progress.ts";
import type { RunningStack } from "./running-stack.ts";
import { sizeOf, stackShards } from "./stack-shards.ts";
import { waitUntilKnown } from "./track.ts";

/** What the index knows an event by does not depend on whom gatebook.yml takes for whom. */
const NOBODY: Classification = {
  components: [],
  calendar: { date: "1970-01-01", time: "00:00", weekday: "thu", holiday: false, business_hours: false },
};

/** The bucket's side, with a line on the terminal for how far it is. */
export function holdWorld({ s3: client, outputs }: RunningStack, signal?: AbortSignal) {
  const evidence = { client, bucket: outputs.EvidenceBucket };
  const progress = progressLine();
  const world: HoldWorld = {
    log: s3LogSource(evidence),
    objects: s3LegalHold(evidence),
    ...(signal !== undefined && { signal }),
    onProgress: (done, all) =>
      progress.show(() => `${done.toLocaleString("en")} of ${all.toLocaleString("en")} objects`),
  };
  return { world, end: () => progress.end() };
}

/** All holds that are recorded by now. What cannot be read is said on standard error. */
export async function holdsOf(stack: RunningStack): Promise<Holds> {
  const shards = await stackShards(stack);
  const size = sizeOf(shards);
  const progress = progressLine();
  let entries = 0;
  const found = await readHolds(shards, () => {
    entries += 1;
    progress.show(() => `${entries.toLocaleString("en")} of ${size.toLocaleString("en")} entries read for holds`);
  }).finally(() => progress.end());
  for (const place of found.unreadable) {
    console.error(
      `entry ${formatPlace(place)} looks like a record of a hold and is none: nothing was held by it; find out who sent it`,
    );
  }
  return found;
}

/** @throws INPUT_INVALID for an id of no hold */
export function holdOf({ holds }: Holds, id: string): Hold {
  const hold = holds.get(id);
  if (hold !== undefined) return hold;
  const reason = isHoldId(id) ? "no hold of this id is in the log" : "is no id of a hold";
  throw new GatebookError("INPUT_INVALID", `${id}: ${reason}; 'gatebook hold list' shows them all`);
}

/** @throws INPUT_INVALID */
export function checkReason(reason: string | undefined): string {
  const words = reason?.trim() ?? "";
  if (words === "") throw new GatebookError("INPUT_INVALID", "say why with --reason: it is recorded with the hold");
  if (words.length <= MAX_REASON_CHARS) return words;
  throw new GatebookError(
    "INPUT_INVALID",
    `the reason has ${words.length} characters and may have ${MAX_REASON_CHARS}: name the case and keep the rest with it`,
  );
}

/**
 * Resolves once the event is in the log: nothing is held or released that is not recorded.
 *
 * @param goOn the command that takes it from here
 */
export async function recordHold(
  { sqs, s3, dynamoDb, outputs }: RunningStack,
  event: HoldEvent,
  { as, signal, goOn }: { readonly as: string | undefined; readonly signal: AbortSignal; readonly goOn: string },
): Promise<void> {
  const messages = s3MessageStore({ client: s3, bucket: outputs.MessageBucket });
  const intake = sqsIntakeQueue({ client: sqs, queueUrl: outputs.IntakeQueueUrl, messages });
  const { accessKeyId } = await s3.config.credentials();
  const body = JSON.stringify({
    v: 1,
    kind: "gatebook",
    uid: `${event.type}:${randomUUID()}`,
    time: Date.now(),
    principal: as ?? `access-key:${accessKeyId}`,
    ...event,
    message: `${event.message} (with the access key ${accessKeyId})`,
  });
  const { entry } = await prepareRecord(body, () => NOBODY);
  if (signal.aborted) throw new GatebookError("UNAVAILABLE", "stopped: nothing was recorded, and nothing was changed");
  await intake.send([body]);
  const { principal, eventKey } = entry;
  const index = dynamoDbEventIndex({ client: dynamoDb, tableName: outputs.IndexTable });
  const waiting = { index, signal, onProgress: () => undefined };
  const missing = await waitUntilKnown([{ principal, eventKey }], waiting);
  if (missing.length === 0) return;
  throw new GatebookError(
    "UNAVAILABLE",
    `it was sent and is not recorded yet, so nothing was changed; once 'gatebook hold list' shows it, go on with: ${goOn}`,
  );
}

/** Runs it until Ctrl-C, and says how to go on where it did not come to its end. */
export async function carriedOut(
  work: () => Promise<CarriedOut>,
  { end, goOn }: { readonly end: () => void; readonly goOn: string },
): Promise<CarriedOut> {
  try {
    const done = await work();
    if (done.isComplete) return done;
  } catch (cause) {
    const code = cause instanceof GatebookError ? cause.code : "UNAVAILABLE";
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GatebookError(code, `${reason}; it is recorded and not finished: go on with ${goOn}`, { cause });
  } finally {
    end();
  }
  throw new GatebookError("UNAVAILABLE", `stopped; it is recorded and not finished: go on with ${goOn}`);
}

/** Ctrl-C lets what is under way finish; a second one ends the command. */
export function untilInterrupted(): AbortSignal {
  const interrupted = new AbortController();
  process.once("SIGINT", () => interrupted.abort());
  return interrupted.signal;
}
