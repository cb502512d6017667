/** Each minute: what was judged before its delivery was known is judged again, and what differs is told. */
import { GatebookError } from "../errors.ts";
import { formatPlace } from "../evidence/entry-place.ts";
import type { IntakeQueue } from "../receive/intake-queue.ts";
import { type DifferenceWorld, findDifferences } from "./differences.ts";
import { FIRST_LOOK_MS, nextLook } from "./looks-of.ts";
import type { PendingLook, PendingLooks } from "./pending-looks.ts";

/** Within one run: each takes a fifth of a second. More than that is looked at a minute later. */
const MAX_DUE = 500;

export interface LookingWorld extends DifferenceWorld {
  readonly pending: PendingLooks;
  readonly intake: IntakeQueue;
  /** How long after it was recorded something is looked at for the last time. */
  readonly latenessMs: number;
  readonly now: () => number;
  /** Whether another one can be looked at in the time that is left. */
  hasTime(): boolean;
  /** Rejects when one takes longer than there may be time for: it would hold up all others, run after run. */
  readonly within: <T>(work: Promise<T>) => Promise<T>;
}

export interface Looked {
  readonly looks: number;
  /** What was told: findings, and decisions that would be others now. */
  readonly told: number;
}

/**
 * What differs is sent before its look is over. A crash between the two has it sent again, and it is known by its id.
 *
 * @throws GatebookError `UNAVAILABLE` when some could not be looked at, after all others were; they are due again
 */
export async function lookAgain(world: LookingWorld): Promise<Looked> {
  const looked = { looks: 0, told: 0 };
  const failures: GatebookError[] = [];
  /** Two approvals of one delivery see the same. */
  const facts = new Set<string>();
  for (const [i, look] of (await world.pending.due(world.now(), MAX_DUE)).entries()) {
    if (i > 0 && !world.hasTime()) break;
    try {
      const differences = await world.within(findDifferences(look.place, look.committed + FIRST_LOOK_MS, world));
      const untold = differences.filter(({ fact }) => !facts.has(fact));
      if (untold.length > 0) await world.intake.send(untold.map(({ message }) => message));
      for (const { fact } of untold) facts.add(fact);
      await putOff(look, world);
      looked.looks += 1;
      looked.told += untold.length;
    } catch (cause) {
      // It holds up itself alone.
      const reason = cause instanceof Error ? cause.message : String(cause);
      failures.push(new GatebookError("UNAVAILABLE", `${formatPlace(look.place)}: ${reason}`, { cause }));
    }
  }
  const [first] = failures;
  if (first === undefined) return looked;
  const what = `${failures.length} could not be looked at again: the first is ${first.message}`;
  throw new GatebookError("UNAVAILABLE", what, { cause: first });
}

/** The next one is noted first: after a crash between the two, it is looked at once too often. */
async function putOff(look: PendingLook, { pending, latenessMs }: LookingWorld): Promise<void> {
  const next = nextLook(look, latenessMs);
  if (next !== undefined) await pending.note([next]);
  await pending.remove(look);
}
