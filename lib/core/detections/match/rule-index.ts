/** Follows a plan: from the texts of a few of a record's fields to the few rules that can match it. */
import { plainValue, SEVERAL, someLeafText, someText, someValue } from "./field-values.ts";
import { followClues } from "./follow-clues.ts";
import type { PlanLevel, PlanNode } from "./plan.ts";

/** Calls back with lists of positions of rules, in order within each list; a position may come twice. */
export type Walk = (record: unknown) => void;

/** A plan's node, ready to be walked. */
export function compileNode(node: PlanNode, found: (positions: readonly number[]) => void): Walk {
  const { always } = node;
  const walks = node.levels.map((level) => compileLevel(level, found));
  const [only] = walks;
  if (only === undefined) return () => found(always);
  if (walks.length === 1 && always.length === 0) return only;
  return (record) => {
    if (always.length > 0) found(always);
    for (const walk of walks) walk(record);
  };
}

function compileLevel(level: PlanLevel, found: (positions: readonly number[]) => void): Walk {
  return level.present === undefined
    ? compileTexts(level, found)
    : compilePresence(level.field.split("."), compileNode(level.present, found));
}

/** Of what may be an object or an array, written as JSON. */
const JSON_CLUE = /^(?:[=^][[{]|\$.*[\]}]$)/s;

function compilePresence(path: readonly string[], walk: Walk): Walk {
  const isThere = (): boolean => true;
  return (record) => {
    if (someValue(record, path, isThere)) walk(record);
  };
}

function compileTexts({ field, buckets }: PlanLevel, found: (positions: readonly number[]) => void): Walk {
  const path = field.split(".");
  const walks = new Map(buckets.map(({ clue, node }) => [clue, compileNode(node, found)]));
  let current: unknown;
  const follow = followClues(walks, (walk) => walk(current));
  const step = (text: string): boolean => {
    follow(text);
    return false;
  };
  const someOf = buckets.some(({ clue }) => JSON_CLUE.test(clue)) ? someText : someLeafText;
  const look = (value: unknown): boolean => someOf(value, step);
  return (record) => {
    current = record;
    const only = plainValue(record, path);
    if (only === undefined || only === null) return;
    if (typeof only === "string") follow(only);
    else if (only === SEVERAL) someValue(record, path, look);
    else if (typeof only === "object") look(only);
    else follow(String(only));
  };
}
