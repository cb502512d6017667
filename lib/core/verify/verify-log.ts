/** Verifying a whole log: every byte of it, against what its key has signed. */
import type { Hash } from "../evidence/merkle.ts";
import type { VerifierKey } from "../evidence/verifier-key.ts";
import { checkObjects, type ObjectsFound } from "./check-objects.ts";
import { checkTree } from "./check-tree.ts";
import { checkpointsInOrder, compareCheckpoints, type NamedCheckpoint, openNamed } from "./checkpoints-on-the-way.ts";
import { lookIntoEntries } from "./entry-look.ts";
import type { LogListing } from "./log-archive.ts";
import type { LogReader } from "./log-reader.ts";
import { MISSING, notVerified } from "./not-verified.ts";
import { checkPayloads } from "./payloads.ts";

const CHECKPOINT = "checkpoint";

export interface VerifyOptions {
  readonly log: LogReader;
  /** Undefined where objects can be read and not be listed. */
  readonly listing: LogListing | undefined;
  readonly key: VerifierKey;
  /** A checkpoint of this log that somebody kept: its note, and what errors call it. */
  readonly since?: { readonly name: string; readonly note: Uint8Array } | undefined;
  /** Whether every entry is decoded as an audit record as well. */
  readonly allRecords?: boolean;
  readonly onProgress?: (entries: number, size: number) => void;
}

export interface VerifiedLog extends Partial<ObjectsFound> {
  readonly origin: string;
  readonly size: number;
  readonly root: Hash;
  /** Name and id of the key that signed. */
  readonly signers: readonly string[];
  /** Bundles, tiles and payloads that were hashed. */
  readonly bytes: number;
  readonly payloads: number;
  /** Checkpoints that the log agrees with: the current one, older ones, the one that was given. */
  readonly checkpoints: number;
  readonly notChecked: readonly string[];
}

/**
 * Reads each entry once, in order, with memory that does not grow with the log.
 *
 * @throws NOT_VERIFIED with the first thing wrong, in a sentence
 */
export async function verifyLog(options: VerifyOptions): Promise<VerifiedLog> {
  const { log, listing, key, allRecords = false, onProgress } = options;
  const current = openNamed(CHECKPOINT, await readCheckpoint(log), key);
  const { origin, size, root } = current.checkpoint;

  const checkpoints = compareCheckpoints(
    checkpointsInOrder({
      history: openHistory(listing, key),
      since: options.since && openNamed(options.since.name, options.since.note, key),
      current,
    }),
  );
  const payloads = checkPayloads(log);
  const look = lookIntoEntries(payloads, allRecords);
  const bytes = await checkTree({ log, size, checkpoints, look, onProgress: (entries) => onProgress?.(entries, size) });
  await payloads.finish();
  const found = listing && (await checkObjects({ log, listing, size, payloads }));
  return {
    origin,
    size,
    root,
    signers: [`${key.name} (key ${key.keyId})`],
    bytes: bytes + payloads.bytes(),
    payloads: payloads.count(),
    checkpoints: checkpoints.count(),
    ...found,
    notChecked: [...notChecked(options, found, checkpoints.count())],
  };
}

async function readCheckpoint(log: LogReader): Promise<Uint8Array> {
  const note = await log.read(CHECKPOINT);
  if (note === undefined)
    throw notVerified(CHECKPOINT, "is missing", `nothing says what the log should hold; ${MISSING}`);
  return note;
}

async function* openHistory(listing: LogListing | undefined, key: VerifierKey): AsyncGenerator<NamedCheckpoint> {
  if (listing === undefined) return;
  let version = 0;
  for await (const note of listing.history(CHECKPOINT)) {
    version += 1;
    yield openNamed(`version ${version} of ${CHECKPOINT}`, note, key);
  }
}

function* notChecked(
  { listing, since, allRecords }: VerifyOptions,
  found: ObjectsFound | undefined,
  checkpoints: number,
): Generator<string> {
  if (listing === undefined) {
    yield "objects that should not be there, versions put over others and older checkpoints: this place lists nothing";
  }
  if (listing !== undefined && checkpoints === (since === undefined ? 1 : 2)) {
    yield "older checkpoints: none are here, so only --since can show a rollback";
  }
  if (!allRecords) yield "whether every entry is an audit record";
  if (found !== undefined && found.newerEntries > 0) {
    yield `${found.newerEntries} entries that are newer than the checkpoint: nobody has signed them yet`;
  }
}
