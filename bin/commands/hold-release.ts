/** `gatebook hold release`: recorded, then taken off what no other hold needs. */
import { liftHold, placeHold } from "../../lib/core/holds/carry-out-hold.ts";
import { type Hold, releasedEvent } from "../../lib/core/holds/hold.ts";
import { inShardsOf, scopesBeside } from "../../lib/core/holds/hold-shards.ts";
import { activeHolds } from "../../lib/core/holds/read-holds.ts";
import { describeCarriedOut } from "./describe-hold.ts";
import { carriedOut, checkReason, holdOf, holdsOf, holdWorld, recordHold, untilInterrupted } from "./hold-world.ts";
import { findRunningStack, type RunningStack, type StackChoice } from "./running-stack.ts";

interface Options extends StackChoice {
  readonly hold: string;
  readonly reason?: string;
  readonly as?: string;
  readonly json?: boolean;
}

export async function releaseHold({ hold: id, reason, as, json, ...choice }: Options): Promise<void> {
  const stack = await findRunningStack(choice);
  const signal = untilInterrupted();
  const goOn = `gatebook hold release --hold ${id}`;
  const hold = holdOf(await holdsOf(stack), id);
  if (hold.released === undefined) {
    await recordHold(stack, releasedEvent(hold, checkReason(reason)), { as, signal, goOn });
  }
  const done = await lift(stack, hold, { signal, goOn });
  const { objects, versions, missing } = done;
  console.log(
    json
      ? JSON.stringify({ hold: id, objects, versions, missing })
      : `${id}: ${describeCarriedOut(done, "released")}; what other holds need stays held`,
  );
  if (missing.length > 0) process.exitCode = 1;
}

async function lift(
  stack: RunningStack,
  hold: Hold,
  { signal, goOn }: { readonly signal: AbortSignal; readonly goOn: string },
) {
  const { world, end } = holdWorld(stack, signal);
  return carriedOut(
    async () => {
      // Read after the release is recorded: a hold that was recorded before is among them.
      const others = othersThan(hold, activeHolds(await holdsOf(stack)));
      const lifted = await inShardsOf(world, hold.scopes, (shard, scope) =>
        liftHold(shard, scope, scopesBeside(scope, others)),
      );
      // Added meanwhile, by somebody who may have set it before we took it off.
      const added = activeHolds(await holdsOf(stack)).filter(({ id }) => !others.some((other) => other.id === id));
      for (const other of othersThan(hold, added)) {
        const { isComplete } = await inShardsOf(world, other.scopes, placeHold);
        if (!isComplete) return { ...lifted, isComplete };
      }
      return lifted;
    },
    { end, goOn },
  );
}

function othersThan({ id }: Hold, holds: readonly Hold[]): Hold[] {
  return holds.filter((other) => other.id !== id);
}
