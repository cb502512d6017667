/** Takes people out of roles in the text of a gatebook.yml: comments, order and layout stay as they are. */
import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type YAMLMap,
} from "yaml";
import { nameOfPlace } from "../access/access-question.ts";
import type { Configuration } from "./configuration.ts";
import { type HeldRole, isKeptEmpty, memberWithout } from "./role-members.ts";
import { type Cut, cutBlock, cutFlow, type Span, splice } from "./text-cuts.ts";

/** A word of YAML that needs no quotes and is no number. */
const PLAIN = /^[A-Za-z][\w.+-]*@[\w.-]+$/;

/**
 * What is written in a way that this does not know (a merge key, an anchor among what goes) comes out wrong: read the text back before it is used.
 *
 * @param text that has been read as this configuration
 */
export function rewriteRoles(text: string, { teams }: Pick<Configuration, "teams">, gone: readonly HeldRole[]): string {
  const document = parseDocument(text);
  const places = [...Map.groupBy(gone, nameOfPlace).values()];
  return splice(
    text,
    places.flatMap((held) => cutsIn({ text, document, teams }, held)),
  );
}

interface Written {
  readonly text: string;
  readonly document: Document.Parsed;
  readonly teams: Configuration["teams"];
}

/** @param gone of one place */
function cutsIn({ text, document, teams }: Written, gone: readonly HeldRole[]): Cut[] {
  const path = gone.slice(0, 1).flatMap(pathOf);
  const around = document.getIn(path, true);
  const roles = document.getIn([...path, "roles"], true);
  if (!isMap(roles) || !isMap(around)) return [];
  const emptied = new Set<Pair>();
  const within = [...Map.groupBy(gone, ({ role }) => role)].flatMap(([role, held]) => {
    const pair = roles.items.find(({ key }) => nameOf(key) === role);
    if (pair === undefined) return [];
    const members = membersIn(pair.value, (alias) => alias.resolve(document));
    const people = new Set(held.map(({ person }) => person));
    const left = new Set<string>();
    const kept = members.map((member) => {
      const fresh = memberWithout(member, people, teams).filter((each) => !left.has(each));
      for (const each of fresh) left.add(each);
      return fresh;
    });
    if (left.size > 0 || isKeptEmpty(role)) return membersCuts(text, pair, members, kept);
    emptied.add(pair);
    return [];
  });
  if (emptied.size === roles.items.length) return rolesCuts(text, around, roles);
  return [...within, ...pairsCuts(text, roles, (pair) => emptied.has(pair))];
}

function pathOf({ project, environment }: HeldRole): string[] {
  return environment === undefined ? ["projects", project] : ["projects", project, "environments", environment];
}

/** They go with their key; but where an environment has no other, it is still one. */
function rolesCuts(text: string, around: YAMLMap, roles: YAMLMap): Cut[] {
  const isRoles = (pair: Pair): boolean => pair.value === roles;
  if (around.items.length > 1) return pairsCuts(text, around, isRoles);
  const { start, end } = spanOf(roles);
  if (roles.flow === true) return [{ start, end, text: "{}" }];
  const colon = text.indexOf(":", spanOf(around.items.find(isRoles)?.key).end) + 1;
  return [{ start: colon, end: colon, text: " {}" }, ...pairsCuts(text, roles, () => true)];
}

function membersIn(node: unknown, resolve: (alias: Alias) => unknown): string[] {
  const list = isAlias(node) ? resolve(node) : node;
  if (!isSeq(list)) return [];
  return list.items.map((each) => nameOf(isAlias(each) ? resolve(each) : each));
}

function nameOf(node: unknown): string {
  return isScalar(node) ? String(node.value) : "";
}

/** @param kept what is written instead of each member: itself, nothing, or others */
function membersCuts(
  text: string,
  { key, value }: Pair,
  members: readonly string[],
  kept: readonly (readonly string[])[],
): Cut[] {
  if (!isNode(value) || !value.range) return [];
  const [start, end] = value.range;
  const all = kept.flat();
  if (!isSeq(value)) return [{ start, end, text: `[${all.map(written).join(", ")}]` }];
  const spans = value.items.map(spanOf);
  const isGone = spans.map((_, i) => kept[i]?.length === 0);
  if (value.flow === true) {
    if (all.length === 0) return [{ start, end, text: "[]" }];
    return [...replaced(text, spans, members, kept, ", "), ...cutFlow(text, spans, isGone)];
  }
  const colon = text.indexOf(":", spanOf(key).end) + 1;
  const empty = all.length === 0 ? [{ start: colon, end: colon, text: " []" }] : [];
  return [...empty, ...replaced(text, spans, members, kept, undefined), ...cutBlock(text, spans, isGone)];
}

/** @param separator undefined where each member has a line of its own, which the others' begin like */
function replaced(
  text: string,
  spans: readonly Span[],
  members: readonly string[],
  kept: readonly (readonly string[])[],
  separator: string | undefined,
): Cut[] {
  return spans.flatMap(({ start, end }, i) => {
    const instead = kept[i] ?? [];
    if (instead.length === 0 || (instead.length === 1 && instead[0] === members[i])) return [];
    const line = text.lastIndexOf("\n", start - 1) + 1;
    const between = separator ?? `${text.includes("\r\n") ? "\r\n" : "\n"}${text.slice(line, start)}`;
    return [{ start, end, text: instead.map(written).join(between) }];
  });
}

function pairsCuts(text: string, map: YAMLMap, isGone: (pair: Pair) => boolean): Cut[] {
  const spans = map.items.map(({ key, value }) => ({ start: spanOf(key).start, end: spanOf(value).end }));
  const gone = map.items.map(isGone);
  return map.flow === true ? cutFlow(text, spans, gone) : cutBlock(text, spans, gone);
}

function spanOf(node: unknown): Span {
  const [start = 0, end = 0] = (isNode(node) ? node.range : undefined) ?? [];
  return { start, end };
}

function written(member: string): string {
  return PLAIN.test(member) ? member : JSON.stringify(member);
}
