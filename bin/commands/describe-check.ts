/** What `policy check` found, for people and for programs. */
import { styleText } from "node:util";
import type { AccessCensus, PastSpan, UncoveredAccess } from "../../lib/core/access/access-census.ts";
import { nameOfPlace } from "../../lib/core/access/access-question.ts";
import type { Permission } from "../../lib/core/access/permissions.ts";
import type { UnusedByRole } from "../../lib/core/access/unused-by-role.ts";
import type { HeldRole } from "../../lib/core/configuration/role-members.ts";
import { describeRole } from "../../lib/core/grants/grant.ts";
import { printable } from "./describe-found.ts";
import type { NarrowerFile } from "./narrower-file.ts";

export interface CheckedPolicy {
  readonly span: PastSpan;
  readonly counts: ReturnType<AccessCensus["counts"]>;
  readonly uncovered: readonly UncoveredAccess[];
  readonly unused: readonly Permission[];
  readonly unusedByRoles: readonly UnusedByRole[];
  readonly unneeded: readonly HeldRole[];
  readonly narrower: NarrowerFile;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const SHOWN = 20;

export function* linesOfCheck(checked: CheckedPolicy): Generator<string> {
  const { span, uncovered, unused, unneeded, narrower } = checked;
  yield JSON.stringify({ kind: "past", first: toIso(span.first), last: toIso(span.last), ...checked.counts });
  for (const access of uncovered) yield JSON.stringify({ kind: "uncovered", ...access, last: toIso(access.last) });
  for (const { principal, action, place, conditions } of unused) {
    yield JSON.stringify({ kind: "unused", principal: principal.id, action, place: nameOfPlace(place), conditions });
  }
  for (const role of checked.unusedByRoles) yield JSON.stringify({ kind: "unused-by-role", ...role });
  for (const held of unneeded) yield JSON.stringify({ kind: "unneeded-role", ...held });
  yield JSON.stringify({ kind: "narrower", ...narrower });
}

export function* describeCheck(checked: CheckedPolicy): Generator<string> {
  const { uncovered, unused, unneeded, narrower } = checked;
  const days = wordedDays(checked.span);
  yield heading(`${uncovered.length} kinds of access that no policy speaks about`);
  for (const { principal, action, reason, times } of uncovered.slice(0, SHOWN)) {
    yield printable(`  ${String(times).padStart(6)} × ${action}  ${principal}: ${reason}`);
  }
  if (uncovered.length > SHOWN) yield `  and ${uncovered.length - SHOWN} more: --json has all`;
  yield heading(`${unused.length} permissions that nobody used in ${days}`);
  yield* describeUnused(unused);
  for (const { role, actions, ...place } of checked.unusedByRoles) {
    yield `  no ${describeRole({ role, place })} used ${actions.join(", ")} in ${days}`;
  }
  yield heading(`${unneeded.length} roles that nothing in ${days} needed`);
  for (const { person, role, ...place } of unneeded) yield `  ${person} as ${describeRole({ role, place })}`;
  yield* describeNarrower(narrower);
}

function* describeNarrower(narrower: NarrowerFile): Generator<string> {
  if (narrower.outcome === "not-written") {
    yield narrower.reason;
    return;
  }
  const { patch, accesses, denied, deniedToday } = narrower;
  if (deniedToday > 0)
    yield `${counted(deniedToday)} that were allowed then, today's policy denies with them or without`;
  if (patch !== "")
    yield `without them, the policy would have denied ${denied.toLocaleString("en")} of ${counted(accesses)}`;
  if (patch !== "") yield patch;
}

/** A line for each principal and the places where the same is not used. */
function* describeUnused(unused: readonly Permission[]): Generator<string> {
  for (const [who, permissions] of Map.groupBy(unused, ({ principal }) => principal.id)) {
    const actions = Map.groupBy(permissions, ({ action }) => action);
    const byPlaces = Map.groupBy(actions, ([, held]) => held.map(({ place }) => nameOfPlace(place)).join(", "));
    for (const [places, held] of byPlaces) yield `  ${who} in ${places}: ${held.map(([action]) => action).join(", ")}`;
  }
}

function wordedDays({ first, last }: PastSpan): string {
  const days = Math.max(1, Math.ceil((last - first) / DAY_MS));
  return days === 1 ? "one day" : `${days} days`;
}

function counted(accesses: number): string {
  return accesses === 1 ? "1 access" : `${accesses.toLocaleString("en")} accesses`;
}

function heading(text: string): string {
  return styleText("bold", text);
}

function toIso(time: number): string {
  return new Date(time).toISOString();
}
