/** `gatebook hold add`: which entries are meant, recorded and then carried out. */
import { randomUUID } from "node:crypto";
import { s3NewestVersion } from "../../lib/adapters/s3-legal-hold.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import { type EntryPlace, formatPlace } from "../../lib/core/evidence/entry-place.ts";
import type { LeafRange } from "../../lib/core/evidence/proof-path.ts";
import { shardPrefix } from "../../lib/core/evidence/shard.ts";
import { shardKey } from "../../lib/core/evidence/shard-keys.ts";
import type { ShardLog } from "../../lib/core/evidence/shard-log.ts";
import { openCheckpoint } from "../../lib/core/evidence/signed-checkpoint.ts";
import { neededPaths, placeHold } from "../../lib/core/holds/carry-out-hold.ts";
import { coarsened, countOf, MAX_HOLD_RANGES, rangesOf } from "../../lib/core/holds/entry-ranges.ts";
import { type HoldScope, heldEvent, holdId } from "../../lib/core/holds/hold.ts";
import { inShardsOf } from "../../lib/core/holds/hold-shards.ts";
import { search } from "../../lib/core/search/search.ts";
import { findEvent } from "../../lib/core/verify/find-event.ts";
import { describeCarriedOut } from "./describe-hold.ts";
import { carriedOut, checkReason, holdOf, holdsOf, holdWorld, recordHold, untilInterrupted } from "./hold-world.ts";
import { findRunningStack, type RunningStack, type StackChoice } from "./running-stack.ts";
import { searchWorld } from "./search-world.ts";
import { sizeOf, stackShards } from "./stack-shards.ts";
import { stackVerifierKey } from "./stack-verifier-key.ts";

interface Selection {
  readonly event?: string;
  readonly trace?: string;
  readonly since?: number;
  readonly until?: number;
  readonly all?: boolean;
}

interface Options extends StackChoice, Selection {
  readonly reason?: string;
  readonly hold?: string;
  readonly as?: string;
  readonly json?: boolean;
}

export async function addHold({ reason, hold, as, json, to, outputs, ...selection }: Options): Promise<void> {
  checkSelection(selection, hold);
  const why = hold === undefined ? checkReason(reason) : undefined;
  const stack = await findRunningStack({ ...(to !== undefined && { to }), ...(outputs !== undefined && { outputs }) });
  const signal = untilInterrupted();
  const { world, end } = holdWorld(stack, signal);
  const [id, scopes] =
    why === undefined
      ? await recordedHold(stack, hold ?? "")
      : await newHold(stack, selection, { reason: why, as, signal });
  const goOn = `gatebook hold add --hold ${id}`;
  const done = await carriedOut(() => inShardsOf(world, scopes, placeHold), { end, goOn });
  const { objects, versions, missing } = done;
  const entries = scopes.reduce((sum, { ranges }) => sum + countOf(ranges), 0);
  const size = scopes.reduce((sum, scope) => sum + scope.size, 0);
  console.log(
    json
      ? JSON.stringify({ hold: id, entries, size, objects, versions, missing })
      : `${id}: ${entries} of ${size} entries, ${describeCarriedOut(done, "held")}`,
  );
  if (missing.length > 0) process.exitCode = 1;
}

/** @throws INPUT_INVALID unless exactly one of the ways to name entries is used */
function checkSelection({ event, trace, since, until, all }: Selection, hold: string | undefined): void {
  const given = [event, trace, since, all, hold].filter((each) => each !== undefined).length;
  if (given !== 1) {
    throw new GatebookError("INPUT_INVALID", "say what to hold: one of --event, --trace, --since, --all and --hold");
  }
  if (until !== undefined && since === undefined) {
    throw new GatebookError("INPUT_INVALID", "--until goes with --since: give both");
  }
}

async function recordedHold(stack: RunningStack, id: string): Promise<[string, readonly HoldScope[]]> {
  const hold = holdOf(await holdsOf(stack), id);
  if (hold.released === undefined) return [id, hold.scopes];
  throw new GatebookError(
    "INPUT_INVALID",
    `${id} was released by ${hold.released.principal} (entry ${formatPlace({ shard: 0, ...hold.released })}): add a new hold`,
  );
}

async function newHold(
  stack: RunningStack,
  selection: Selection,
  { reason, as, signal }: { readonly reason: string; readonly as: string | undefined; readonly signal: AbortSignal },
): Promise<[string, readonly HoldScope[]]> {
  const signed = await signedShards(stack);
  const found = await entriesOf(stack, selection, signed);
  const chosen = signed.filter(({ shard }) => found.has(shard));
  if (chosen.length === 0) {
    throw new GatebookError(
      "INPUT_INVALID",
      `none of the ${sizeOf(signed)} entries that the checkpoint signs is one of these: see what search finds; a new event is signed within a minute or two`,
    );
  }
  const scopes: HoldScope[] = [];
  for (const { shard, log, size, checkpoint } of chosen) {
    const ranges = coarsened(found.get(shard) ?? [], Math.floor(MAX_HOLD_RANGES / chosen.length));
    const paths = await neededPaths(log, { size, ranges });
    scopes.push({ ...(shard !== 0 && { shard }), size, ranges, checkpoint, objects: paths.size + 1 });
  }
  const id = holdId(randomUUID());
  // Before anything is held, so that whatever is interrupted from here on is in the log and can be gone on with.
  console.error(`recording ${id}`);
  await recordHold(stack, heldEvent(id, reason, scopes), { as, signal, goOn: `gatebook hold add --hold ${id}` });
  return [id, scopes];
}

interface SignedShard extends ShardLog {
  /** The version of its checkpoint. */
  readonly checkpoint: string;
}

/** As far as their checkpoints sign them. */
async function signedShards(stack: RunningStack): Promise<SignedShard[]> {
  const { s3: client, outputs } = stack;
  const first = await stackVerifierKey(stack);
  const signed: SignedShard[] = [];
  for (const { shard, log } of await stackShards(stack)) {
    const path = `${shardPrefix(shard)}checkpoint`;
    const stored = await s3NewestVersion({ client, bucket: outputs.EvidenceBucket }, path);
    if (stored === undefined) continue;
    const { size } = openCheckpoint(stored.bytes, shardKey(first, shard));
    signed.push({ shard, log, size, checkpoint: stored.version });
  }
  if (signed.length > 0) return signed;
  throw new GatebookError(
    "UNAVAILABLE",
    "the log has no checkpoint yet: wait for the publisher, which signs each minute",
  );
}

/** By shard. */
async function entriesOf(
  stack: RunningStack,
  { event, all, ...query }: Selection,
  signed: readonly SignedShard[],
): Promise<Map<number, LeafRange[]>> {
  if (all === true) {
    const filled = signed.filter(({ size }) => size > 0);
    return new Map(filled.map(({ shard, size }) => [shard, [{ from: 0, to: size }]]));
  }
  const places = new Map(signed.map(({ shard }): [number, number[]] => [shard, []]));
  const add = ({ shard = 0, index }: Partial<EntryPlace>): void => {
    if (index !== undefined) places.get(shard)?.push(index);
  };
  if (event !== undefined) add(await findEvent(signed, event));
  else for await (const found of search(query, { ...(await searchWorld(stack)), shards: signed })) add(found);
  return new Map([...places].filter(([, own]) => own.length > 0).map(([shard, own]) => [shard, rangesOf(own)]));
}
