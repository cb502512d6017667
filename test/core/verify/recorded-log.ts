/** A recorded and signed log in memory, as its bucket holds it: audit records, payloads, every checkpoint, every version. */
import { hash } from "node:crypto";

import type { AppendEntry } from "../../../lib/core/evidence/append-entry.ts";
import { rootOf } from "../../../lib/core/evidence/merkle.ts";
import type { NoteSigner } from "../../../lib/core/evidence/note-signer.ts";
import { signCheckpoint } from "../../../lib/core/evidence/signed-checkpoint.ts";
import { EMPTY_EDGE, growEdge, rangeOf } from "../../../lib/core/evidence/tiles.ts";
import { createLogWorld, ORIGIN } from "../evidence/log-world.ts";

/** By path, what was put there, oldest first. */
export type Versions = Map<string, Uint8Array[]>;

export interface RecordedLog {
  readonly versions: Versions;
  readonly signer: NoteSigner;
}

/** Every hundredth entry keeps its raw data beside the log. */
const PAYLOAD_EVERY = 100;

/** @param sizes at which batches end and checkpoints are signed */
export async function recordLog(sizes: readonly number[], signer: NoteSigner): Promise<RecordedLog> {
  const world = createLogWorld();
  const append = world.startWorker();
  const versions: Versions = new Map();
  let from = 0;
  for (const size of sizes) {
    await append(Array.from({ length: size - from }, (_, i) => recordEntry(from + i)));
    from = size;
    const { head } = await world.stored();
    await publish({ versions, signer }, { size, root: head?.root ?? "" });
  }
  for (const [path, bytes] of (await world.stored()).objects) versions.set(path, [bytes]);
  return { versions, signer };
}

/** Puts a checkpoint over the one before it. */
export async function publish({ versions, signer }: RecordedLog, tree: { size: number; root: string }): Promise<void> {
  const note = await signCheckpoint({ origin: ORIGIN, ...tree }, signer);
  versions.set("checkpoint", [...(versions.get("checkpoint") ?? []), note]);
}

export function recordBytes(number: number, more: object = {}): Buffer {
  const event = {
    class_uid: 6003,
    time: 1_700_000_000_000 + number,
    metadata: { uid: `event-${number}`, event_code: "GetSecretValue" },
    // What sources say may well hold the word that names payloads, and escapes.
    raw_data: JSON.stringify({ payload: { sha256: "none" }, text: "\u0001 or so" }),
  };
  const rest = { action: "secret.read", granted: { by: "unknown" }, components: [], findings: [] };
  return Buffer.from(JSON.stringify({ v: 1, event, ...rest, ...more }));
}

function recordEntry(number: number): AppendEntry {
  const index = {
    principal: "ana",
    eventKey: `2026-11-22T08:00:00.000Z#event-${number}`,
    action: "secret.read",
    operation: "GetSecretValue",
  } as const;
  if (number % PAYLOAD_EVERY !== 0) return { bytes: recordBytes(number), index, findings: [] };
  const payload = Buffer.from(`{"raw":"of event ${number}"}`);
  const sha256 = hash("sha256", payload, "hex");
  const bytes = recordBytes(number, { payload: { sha256, bytes: payload.length } });
  return { bytes, index, findings: [], payload: { sha256, bytes: payload } };
}

/** Makes every tile and bundle anew, as somebody would who can write everything but cannot sign. */
export function rewrite(versions: Versions, entries: readonly Uint8Array[]): { size: number; root: string } {
  for (const path of [...versions.keys()]) if (path.startsWith("tile/")) versions.delete(path);
  const { edge, created } = growEdge(EMPTY_EDGE, entries);
  for (const { path, bytes } of created) versions.set(path, [bytes]);
  return { size: edge.size, root: rootOf(rangeOf(edge)) };
}
