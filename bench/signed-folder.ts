/** A log in a folder as the stack's own parts write it: appended in batches, with signed checkpoints. */
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { folderLogCopy } from "../lib/adapters/folder-log-archive.ts";
import { memoryEventIndex } from "../lib/adapters/memory-event-index.ts";
import { memoryFindingsQueue, memoryHeadStore, memoryStagingStore } from "../lib/adapters/memory-log-stores.ts";
import { createAppender } from "../lib/core/evidence/append.ts";
import type { AppendEntry } from "../lib/core/evidence/append-entry.ts";
import type { NoteSigner } from "../lib/core/evidence/note-signer.ts";
import { signCheckpoint } from "../lib/core/evidence/signed-checkpoint.ts";
import { formatVerifierKey, verifierKeyFromSpki } from "../lib/core/evidence/verifier-key.ts";
import { createRecorder } from "../lib/core/record/recorder.ts";
import { distinctMessages, readSettings } from "./events.ts";

const ORIGIN = "bench.example/0";
const BATCH = 1_000;
/** What a busy minute brings: a publisher signs each minute, not each batch. */
const BATCHES_TO_A_CHECKPOINT = 10;
/** Recorded once; the entries are copies of these records, each with an id of its own. */
const RECORDS = 400;

/** @param size a multiple of ten thousand */
export async function writeSignedLog(folder: string, size: number): Promise<void> {
  const copy = folderLogCopy(folder);
  const heads = memoryHeadStore();
  const append = createAppender({
    origin: ORIGIN,
    heads,
    staging: memoryStagingStore(),
    evidence: { create: (path, bytes) => copy.write(path, bytes) },
    index: memoryEventIndex(),
    findings: memoryFindingsQueue(),
    now: Date.now,
    newCommitId: randomUUID,
  });
  const signer = newSigner();
  const records = await recordedEntries();
  for (let from = 0; from < size; from += BATCH) {
    await append(Array.from({ length: BATCH }, (_, i) => entryOf(records, from + i)));
    const batch = from / BATCH + 1;
    if (batch % BATCHES_TO_A_CHECKPOINT !== 0) continue;
    const { root } = (await heads.read()) ?? { root: "" };
    const note = await signCheckpoint({ origin: ORIGIN, size: from + BATCH, root }, signer);
    await copy.write(`checkpoint.history/${batch / BATCHES_TO_A_CHECKPOINT}`, note);
    await copy.write("checkpoint", note);
  }
  await copy.write("verifier-key", Buffer.from(formatVerifierKey(signer.key)));
}

function newSigner(): NoteSigner {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    key: verifierKeyFromSpki(ORIGIN, publicKey.export({ format: "der", type: "spki" })),
    sign: async (message) => sign(null, message, privateKey),
  };
}

async function recordedEntries() {
  const record = createRecorder({ settings: readSettings(), index: memoryEventIndex() });
  const { recorded } = await record(distinctMessages(RECORDS).map((body, i) => ({ id: String(i), body })));
  return recorded;
}

function entryOf(recorded: Awaited<ReturnType<typeof recordedEntries>>, number: number): AppendEntry {
  const template = recorded[number % recorded.length];
  if (template === undefined) throw new Error("nothing was recorded");
  const { record, append } = template;
  const { metadata } = record.event;
  const copy = { ...record, event: { ...record.event, metadata: { ...metadata, uid: `${metadata.uid}-${number}` } } };
  const { identity: _, ...index } = append.index;
  return {
    bytes: Buffer.from(JSON.stringify(copy)),
    index: { ...index, eventKey: `${index.eventKey}-${number}` },
    findings: [],
  };
}
