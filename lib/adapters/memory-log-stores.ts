/** The stores of one log in memory. */
import { GatebookError } from "../core/errors.ts";
import type { CheckpointStore } from "../core/evidence/checkpoint-store.ts";
import type { EvidenceStore } from "../core/evidence/evidence-store.ts";
import type { FindingsQueue } from "../core/evidence/findings-queue.ts";
import type { Head, HeadStore } from "../core/evidence/head.ts";
import type { LogSource } from "../core/evidence/log-source.ts";
import type { StagingStore } from "../core/evidence/staging-store.ts";
import type { Finding } from "../core/record/finding.ts";

export function memoryHeadStore(first?: Head): HeadStore {
  let head = first;
  return {
    async read() {
      return head;
    },
    async replace(expected, next) {
      if (head?.version !== expected?.version || head?.root !== expected?.root) {
        throw new GatebookError("HEAD_MOVED", `${next.origin} has moved on`);
      }
      head = next;
    },
  };
}

export function memoryStagingStore(batches = new Map<string, Uint8Array>()): StagingStore {
  return {
    async put(key, bytes) {
      batches.set(key, bytes.slice());
    },
    async get(key) {
      return batches.get(key)?.slice();
    },
  };
}

/** @param objects what is stored, by path */
export function memoryEvidenceStore(objects = new Map<string, Uint8Array>()): EvidenceStore {
  return {
    async create(path, bytes) {
      const stored = objects.get(path);
      if (stored === undefined) objects.set(path, bytes.slice());
      else if (!Buffer.from(stored).equals(bytes)) {
        throw new GatebookError("LOG_CORRUPT", `${path} holds other bytes already`);
      }
    },
  };
}

/** @param objects what is stored, by path */
export function memoryLogSource(objects: ReadonlyMap<string, Uint8Array>): LogSource {
  return {
    async read(path) {
      return objects.get(path)?.slice();
    },
  };
}

/** @param history every checkpoint that was public, the newest last */
export function memoryCheckpointStore(history: Uint8Array[] = []): CheckpointStore {
  const etag = (): string | undefined => (history.length === 0 ? undefined : `"${history.length}"`);
  return {
    async read() {
      const bytes = history.at(-1);
      return bytes && { bytes: bytes.slice(), etag: etag() ?? "" };
    },
    async replace(expected, bytes) {
      if (expected !== etag()) throw new GatebookError("HEAD_MOVED", "the checkpoint has moved on");
      history.push(bytes.slice());
    },
  };
}

/** @param sent what was sent, in order */
export function memoryFindingsQueue(sent: Finding[] = []): FindingsQueue {
  return {
    async send(findings) {
      sent.push(...findings);
    },
  };
}
