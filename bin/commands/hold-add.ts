/** `gatebook hold add`: which entries are meant, recorded and then carried out. */
import { randomUUID } from "node:crypto";
import { s3NewestVersion } from "../../lib/adapters/s3-legal-hold.ts";
import { GatebookError } from "../../lib/core/errors.ts";
import type { LeafRange } from "../../lib/core/evidence/proof-path.ts";
import { openCheckpoint } from "../../lib/core/evidence/signed-checkpoint.ts";
import { parseVerifierKey } from "../../lib/core/evidence/verifier-key.ts";
import { neededPaths, placeHold } from "../../lib/core/holds/carry-out-hold.ts";
import { coarsened, countOf, rangesOf } from "../../lib/core/holds/entry-ranges.ts";
import { type HoldScope, heldEvent, holdId } from "../../lib/core/holds/hold.ts";
import { search } from "../../lib/core/search/search.ts";
import { findEvent } from "../../lib/core/verify/find-event.ts";
import { describeCarriedOut } from "./describe-hold.ts";
import { carriedOut, checkReason, holdOf, holdsOf, holdWorld, recordHold, untilInterrupted } from "./hold-world.ts";
import { findRunningStack, type RunningStack, type StackChoice } from "./running-stack.ts";
import { searchWorld } from "./search-world.ts";
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
  const [id, scope] =
    why === undefined
      ? await recordedHold(stack, hold ?? "")
      : await newHold(stack, selection, { reason: why, as, signal });
  const goOn = `gatebook hold add --hold ${id}`;
  const done = await carriedOut(() => placeHold(world, scope), { end, goOn });
  const { objects, versions, missing } = done;
  const entries = countOf(scope.ranges);
  console.log(
    json
      ? JSON.stringify({ hold: id, entries, size: scope.size, objects, versions, missing })
      : `${id}: ${entries} of ${scope.size} entries, ${describeCarriedOut(done, "held")}`,
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

async function recordedHold(stack: RunningStack, id: string): Promise<[string, HoldScope]> {
  const hold = holdOf(await holdsOf(stack), id);
  if (hold.released === undefined) return [id, hold];
  throw new GatebookError(
    "INPUT_INVALID",
    `${id} was released by ${hold.released.principal} (entry #${hold.released.index}): add a new hold`,
  );
}

async function newHold(
  stack: RunningStack,
  selection: Selection,
  { reason, as, signal }: { readonly reason: string; readonly as: string | undefined; readonly signal: AbortSignal },
): Promise<[string, HoldScope]> {
  const { s3: client, outputs } = stack;
  const stored = await s3NewestVersion({ client, bucket: outputs.EvidenceBucket }, "checkpoint");
  if (stored === undefined) {
    throw new GatebookError(
      "UNAVAILABLE",
      "the log has no checkpoint yet: wait for the publisher, which signs each minute",
    );
  }
  const { size } = openCheckpoint(stored.bytes, parseVerifierKey(await stackVerifierKey(stack)));
  const ranges = await entriesOf(stack, selection, size);
  if (ranges.length === 0) {
    throw new GatebookError(
      "INPUT_INVALID",
      `none of the ${size} entries that the checkpoint signs is one of these: see what search finds; a new event is signed within a minute or two`,
    );
  }
  const { log } = holdWorld(stack).world;
  const paths = await neededPaths(log, { size, ranges });
  const scope = { size, ranges, checkpoint: stored.version, objects: paths.size + 1 };
  const id = holdId(randomUUID());
  // Before anything is held, so that whatever is interrupted from here on is in the log and can be gone on with.
  console.error(`recording ${id}`);
  await recordHold(stack, heldEvent(id, reason, scope), { as, signal, goOn: `gatebook hold add --hold ${id}` });
  return [id, scope];
}

async function entriesOf(stack: RunningStack, { event, all, ...query }: Selection, size: number): Promise<LeafRange[]> {
  if (all === true) return size === 0 ? [] : [{ from: 0, to: size }];
  const world = { ...(await searchWorld(stack)), size };
  const places: number[] = [];
  if (event !== undefined) places.push((await findEvent(world.log, size, event)).index);
  else for await (const { index } of search(query, world)) places.push(index);
  return coarsened(rangesOf(places));
}
