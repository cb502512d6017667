/** What rules with `first_seen` have seen, in slots of time: days, or less where a rule looks back over few of them. */
import { hashTexts } from "../correlation/member.ts";
import type { Rule } from "../rule.ts";
import type { MemoryBucket, MemoryKey, MemoryWrite } from "./detection-memory.ts";
import { memoryName } from "./detection-memory.ts";
import { LATENESS_MS } from "./lateness.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Of the time that a rule looks back over, where that is short. */
const SLOTS = 24;
const MIN_SLOT_MS = 1_000;

export type FirstSeenRule = Rule & { readonly firstSeen: NonNullable<Rule["firstSeen"]> };

/** One event's values, as a rule with `first_seen` looks at them. */
export interface Sighting {
  readonly rule: FirstSeenRule;
  /** The values together, hashed. */
  readonly tuple: string;
  /** The values, for people. */
  readonly label: string;
  readonly time: number;
  /** The event's, hashed. */
  readonly id: string;
  /** The event's place in the batch. */
  readonly index: number;
}

function slotMs({ firstSeen: { withinMs } }: FirstSeenRule): number {
  return Math.max(MIN_SLOT_MS, Math.min(DAY_MS, Math.floor(withinMs / SLOTS)));
}

function slotOf({ rule, time }: Pick<Sighting, "rule" | "time">): number {
  return Math.floor(time / slotMs(rule));
}

export function bucketOfSighting({ rule, time }: Pick<Sighting, "rule" | "time">): number {
  return Math.floor(time / rule.firstSeen.withinMs);
}

/** A rule whose fields or times are changed learns anew. */
function ruleKey({ id, firstSeen: { fields, withinMs } }: FirstSeenRule): string {
  return hashTexts([id, ...fields, String(withinMs)]);
}

export function startKey(rule: FirstSeenRule): MemoryKey {
  return { key: ruleKey(rule), bucket: "start" };
}

export function sightingKey({ rule, tuple, time }: Pick<Sighting, "rule" | "tuple" | "time">, offset = 0): MemoryKey {
  return { key: `${ruleKey(rule)}:${tuple}`, bucket: String(bucketOfSighting({ rule, time }) + offset) };
}

export function expiryOfSighting(sighting: Sighting): number {
  return (bucketOfSighting(sighting) + 2) * sighting.rule.firstSeen.withinMs + LATENESS_MS;
}

/** What was recalled, and what the batch adds to it. */
export interface SeenState {
  /** Whether the values were seen in the time before, or, by an event that came before this one though it happened later, just after. */
  isSeen(sighting: Sighting): boolean;
  ownerAt(sighting: Sighting): string | undefined;
  see(sighting: Sighting): void;
  /** When the first of all events happened that the rule matched. */
  startOf(rule: FirstSeenRule): number;
  writes(): MemoryWrite[];
}

export function seenState(
  sightings: readonly Sighting[],
  recalled: ReadonlyMap<string, MemoryBucket>,
  since: number | undefined,
): SeenState {
  const added = new Map<string, { readonly write: MemoryWrite; readonly slots: Set<string> }>();
  const membersAt = (key: MemoryKey): readonly string[] => {
    const name = memoryName(key);
    return [...(recalled.get(name)?.members ?? []), ...(added.get(name)?.slots ?? [])];
  };
  const startsOf = (rule: FirstSeenRule): number[] =>
    [...(recalled.get(memoryName(startKey(rule)))?.members ?? [])].map(Number);
  const own = new Map<string, { rule: FirstSeenRule; start: number }>();
  for (const { rule, time } of sightings) {
    const start = Math.min(time, since ?? time, own.get(rule.id)?.start ?? time);
    own.set(rule.id, { rule, start });
  }
  return {
    isSeen(sighting) {
      const slot = slotOf(sighting);
      const { withinMs } = sighting.rule.firstSeen;
      const from = slot - Math.ceil(withinMs / slotMs(sighting.rule));
      const to = slot + Math.ceil(Math.min(withinMs, LATENESS_MS) / slotMs(sighting.rule));
      const slots = [-1, 0, 1].flatMap((offset) => membersAt(sightingKey(sighting, offset)).map(Number));
      return slots.some((seen) => seen >= from && seen <= to);
    },
    ownerAt: (sighting) => recalled.get(memoryName(sightingKey(sighting)))?.owner,
    see(sighting) {
      const key = sightingKey(sighting);
      const slot = String(slotOf(sighting));
      if (recalled.get(memoryName(key))?.members.has(slot)) return;
      const slots = added.get(memoryName(key))?.slots ?? new Set();
      slots.add(slot);
      const write = { ...key, add: [...slots], remove: [], expires: expiryOfSighting(sighting) };
      added.set(memoryName(key), { write, slots });
    },
    startOf: (rule) => Math.min(...startsOf(rule), own.get(rule.id)?.start ?? Number.POSITIVE_INFINITY),
    writes() {
      const starts = [...own.values()].filter(({ rule, start }) => !startsOf(rule).some((known) => known <= start));
      return [
        ...[...added.values()].map(({ write }) => write),
        // Without an end: a rule that forgot its start would fall silent and learn again.
        ...starts.map(({ rule, start }) => ({
          ...startKey(rule),
          add: [String(start)],
          remove: startsOf(rule).map(String),
        })),
      ];
    },
  };
}
