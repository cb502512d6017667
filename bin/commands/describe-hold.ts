/** A legal hold in a few lines, for people. */
import { formatPlace } from "../../lib/core/evidence/entry-place.ts";
import type { LeafRange } from "../../lib/core/evidence/proof-path.ts";
import type { CarriedOut } from "../../lib/core/holds/carry-out-hold.ts";
import { countOf } from "../../lib/core/holds/entry-ranges.ts";
import type { Hold, HoldAct, HoldScope } from "../../lib/core/holds/hold.ts";
import { printable } from "./describe-found.ts";

const INDENT = "    ";
const MAX_RANGES_SHOWN = 5;

export function describeHold({ id, added, released, scopes }: Hold, checked?: CarriedOut): string {
  const lines = [
    `${id}  ${released === undefined ? "active" : "released"}`,
    ...describeAct("held", added),
    ...scopes.map(describeScope),
    ...(released === undefined ? [] : describeAct("released", released)),
    ...(checked === undefined ? [] : describeChecked(id, checked)),
  ];
  return lines.map(printable).join("\n");
}

export function describeCarriedOut({ objects, versions, missing }: CarriedOut, verb: string): string {
  const done = `${objects} objects in ${versions} versions ${verb}`;
  if (missing.length === 0) return done;
  return `${done}, and ${missing.length} are not there, ${missing[0]} for one: find out with 'gatebook verify'`;
}

function describeScope({ shard, size, ranges, objects }: HoldScope): string {
  const of = shard === undefined ? "entries" : `entries of shard ${shard}`;
  return `${INDENT}on       ${countOf(ranges)} of ${size} ${of}: ${describeRanges(ranges, shard)}; ${objects} objects`;
}

function describeAct(verb: string, { principal, person, reason, time, shard = 0, index }: HoldAct): string[] {
  const who = person === undefined ? principal : `${person}, ${principal}`;
  return [
    `${INDENT}${verb.padEnd(8)} ${new Date(time).toISOString()} by ${who}, entry ${formatPlace({ shard, index })}`,
    `${INDENT}because  ${reason}`,
  ];
}

function describeRanges(ranges: readonly LeafRange[], shard = 0): string {
  const at = (index: number): string => formatPlace({ shard, index });
  const shown = ranges
    .slice(0, MAX_RANGES_SHOWN)
    .map(({ from, to }) => (to - from === 1 ? at(from) : `${at(from)} to ${at(to - 1)}`));
  const more = ranges.length - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more ranges` : shown.join(", ");
}

function describeChecked(id: string, { versions, loose, missing }: CarriedOut): string[] {
  const [first] = loose;
  return [
    `${INDENT}checked  ${versions} versions are held`,
    ...(first === undefined
      ? []
      : [`${INDENT}NOT HELD ${loose.length}, ${first.path} for one: go on with 'gatebook hold add --hold ${id}'`]),
    ...(missing.length === 0
      ? []
      : [`${INDENT}MISSING  ${missing.length}, ${missing[0]} for one: see 'gatebook verify'`]),
  ];
}
