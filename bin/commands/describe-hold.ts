/** A legal hold in a few lines, for people. */
import type { LeafRange } from "../../lib/core/evidence/proof-path.ts";
import type { CarriedOut } from "../../lib/core/holds/carry-out-hold.ts";
import { countOf } from "../../lib/core/holds/entry-ranges.ts";
import type { Hold, HoldAct } from "../../lib/core/holds/hold.ts";
import { printable } from "./describe-found.ts";

const INDENT = "    ";
const MAX_RANGES_SHOWN = 5;

export function describeHold({ id, added, released, size, ranges, objects }: Hold, checked?: CarriedOut): string {
  const lines = [
    `${id}  ${released === undefined ? "active" : "released"}`,
    ...describeAct("held", added),
    `${INDENT}on       ${countOf(ranges)} of ${size} entries: ${describeRanges(ranges)}; ${objects} objects`,
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

function describeAct(verb: string, { principal, person, reason, time, index }: HoldAct): string[] {
  const who = person === undefined ? principal : `${person}, ${principal}`;
  return [
    `${INDENT}${verb.padEnd(8)} ${new Date(time).toISOString()} by ${who}, entry #${index}`,
    `${INDENT}because  ${reason}`,
  ];
}

function describeRanges(ranges: readonly LeafRange[]): string {
  const shown = ranges
    .slice(0, MAX_RANGES_SHOWN)
    .map(({ from, to }) => (to - from === 1 ? `#${from}` : `#${from} to #${to - 1}`));
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
