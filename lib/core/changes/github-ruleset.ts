/** What a GitHub webhook tells of a ruleset: how it is, and in `changes` which rules came, went or were set otherwise. */
import { isObject, type JsonObject } from "../sources/json.ts";
import { canonicalText } from "./canonical-text.ts";
import { nameOf, type ToldChange } from "./change.ts";
import { earlier, lifeOf, told } from "./github-state.ts";
import { fromJsonText } from "./json-text.ts";

const STATE = ["name", "target", "enforcement", "bypass_actors", "conditions", "rules"];

export function rulesetChange({ action, repository_ruleset: ruleset, changes }: JsonObject): ToldChange | undefined {
  if (!isObject(ruleset)) return undefined;
  const members = STATE.filter((each) => Object.hasOwn(ruleset, each)).map((each) => [each, ruleset[each]] as const);
  const state: JsonObject = Object.fromEntries(members);
  const before = action === "edited" ? rulesetBefore(state, changes) : undefined;
  return { kind: `ruleset ${nameOf(ruleset["name"] ?? ruleset["id"])}`, ...lifeOf(action, state), ...told(before) };
}

/** Conditions are left to the last state that was seen: GitHub tells what they were in words of another form. */
function rulesetBefore(state: JsonObject, changes: unknown): JsonObject | undefined {
  if (!isObject(changes) || changes["conditions"] !== undefined) return undefined;
  const { rules, ...members } = changes;
  const before = earlier(state, members);
  if (!isObject(rules)) return before;
  return { ...state, ...before, rules: rulesBefore(listOf(state["rules"]), rules) };
}

function rulesBefore(rules: readonly unknown[], { added, deleted, updated }: JsonObject): readonly unknown[] {
  const isNew = new Set(listOf(added).map(identityOf));
  const changed = new Map(listOf(updated).flatMap(ruleBefore));
  const kept = rules.filter((rule) => !isNew.has(identityOf(rule)));
  return [...kept.map((rule) => changed.get(identityOf(rule)) ?? rule), ...listOf(deleted)];
}

/** What a rule was configured to is told as JSON text. */
function ruleBefore(update: unknown): readonly (readonly [string, unknown])[] {
  if (!isObject(update) || !isObject(update["rule"]) || !isObject(update["changes"])) return [];
  const { rule, changes } = update;
  const { configuration } = changes;
  if (!isObject(configuration)) return [];
  return [[identityOf(rule), { ...rule, parameters: fromJsonText(configuration["from"]) }]];
}

/** A ruleset has a rule of each type at most once. */
function identityOf(rule: unknown): string {
  return isObject(rule) && typeof rule["type"] === "string" ? rule["type"] : canonicalText(rule);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
