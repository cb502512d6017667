/** Members of a full bucket that no window needs: state stays bounded, and no result changes. */
import type { CorrelationRule } from "../correlation-rule.ts";
import { isLasting, neededCount, tokenOf, tooManyFor } from "./conditions.ts";
import type { Member } from "./member.ts";

/** Of each rule of an ordered correlation, from either end of a bucket. There, what lies between could matter, and is given up. */
const ORDERED_KEPT = 50;

/**
 * A window takes the beginning of a bucket, its end or all of it. From either end it is enough to know the first members with as many different tokens as
 * the condition needs.
 *
 * @param members of one bucket, in the order of time
 */
export function superfluousIn(rule: CorrelationRule, members: readonly Member[]): Member[] {
  if (!isLasting(rule)) return beyondCeiling(rule, members);
  const needed = neededCount(rule);
  const isOrdered = rule.type === "temporal_ordered";
  const kept = new Set<Member>();
  for (const ordered of [members, members.toReversed()]) {
    const counts = new Map<string, number>();
    for (const member of ordered) {
      const token = tokenOf(rule, member);
      const count = counts.get(token) ?? 0;
      const isNeeded = isOrdered ? count < ORDERED_KEPT : count === 0 && counts.size < needed;
      if (!isNeeded) continue;
      counts.set(token, count + 1);
      kept.add(member);
    }
  }
  return members.filter((member) => !kept.has(member));
}

/** Of a bucket with so many that the condition can never hold again, the members that are more than that. */
function beyondCeiling(rule: CorrelationRule, members: readonly Member[]): Member[] {
  const tooMany = tooManyFor(rule);
  const tokens = new Set<string>();
  const kept = new Set<Member>();
  for (const member of members) {
    const token = tokenOf(rule, member);
    if (tokens.size >= tooMany || tokens.has(token)) continue;
    tokens.add(token);
    kept.add(member);
  }
  return tokens.size < tooMany ? [] : members.filter((member) => !kept.has(member));
}
