/** `gatebook hold list`: all holds that were ever recorded, and whether their objects are held. */
import { type CarriedOut, checkHold } from "../../lib/core/holds/carry-out-hold.ts";
import type { Hold } from "../../lib/core/holds/hold.ts";
import { inShardsOf } from "../../lib/core/holds/hold-shards.ts";
import { describeHold } from "./describe-hold.ts";
import { carriedOut, holdsOf, holdWorld } from "./hold-world.ts";
import { findRunningStack, type RunningStack, type StackChoice } from "./running-stack.ts";

interface Options extends StackChoice {
  readonly check?: boolean;
  readonly json?: boolean;
}

export async function listHolds({ check, json, ...choice }: Options): Promise<void> {
  const stack = await findRunningStack(choice);
  const { holds } = await holdsOf(stack);
  for (const hold of holds.values()) {
    const checked = check === true && hold.released === undefined ? await look(stack, hold) : undefined;
    console.log(json ? JSON.stringify(toJson(hold, checked)) : describeHold(hold, checked));
    if (checked !== undefined && checked.loose.length + checked.missing.length > 0) process.exitCode = 1;
  }
  if (!json && holds.size === 0) console.log(`no holds in ${stack.outputs.LogOrigin}`);
}

function look(stack: RunningStack, hold: Hold): Promise<CarriedOut> {
  const { world, end } = holdWorld(stack);
  return carriedOut(() => inShardsOf(world, hold.scopes, checkHold), { end, goOn: "gatebook hold list --check" });
}

function toJson({ scopes, ...hold }: Hold, checked: CarriedOut | undefined) {
  const pairs = scopes.map(({ ranges, ...scope }) => ({
    ...scope,
    ranges: ranges.map(({ from, to }) => [from, to]),
  }));
  const [first] = pairs;
  const isOnFirst = pairs.length === 1 && first?.shard === undefined;
  return {
    ...hold,
    state: hold.released === undefined ? "active" : "released",
    ...(isOnFirst ? first : { shards: pairs.map((pair) => ({ shard: 0, ...pair })) }),
    ...(checked !== undefined && { held: checked.versions, loose: checked.loose, missing: checked.missing }),
  };
}
