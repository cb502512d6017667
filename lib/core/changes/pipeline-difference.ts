/** What differs between two definitions of a pipeline, by its stages and actions (https://docs.aws.amazon.com/codepipeline/latest/userguide/reference-pipeline-structure.html). */
import { isObject, type JsonObject } from "../sources/json.ts";
import { type Difference, jsonDifferences, lineOf } from "./json-difference.ts";
import { cut, listed, quoted, shown } from "./lines.ts";

interface Action {
  readonly name: string;
  readonly isApproval: boolean;
  readonly provider: string;
  readonly definition: JsonObject;
}

interface Stage {
  readonly name: string;
  readonly actions: ReadonlyMap<string, Action>;
  /** Conditions, transitions and the like: what a stage has besides its actions. */
  readonly rest: JsonObject;
}

interface Sentence {
  readonly rank: number;
  readonly text: string;
}

/** The gravest first: an approval that is gone, then the order, which decides what an approval stands before. */
const RANK = { approvalGone: 0, order: 1, gone: 2, added: 3, changed: 4, rest: 5, version: 6 };
/** CodePipeline itself allows 100. */
const MAX_NAME_CHARS = 100;
/** How members of the definition are called in a sentence. */
const CALLED = new Map([
  ["roleArn", "role"],
  ["artifactStore", "artifact store"],
  ["artifactStores", "artifact stores"],
  ["pipelineType", "type"],
]);

/** Whether stages and actions are where they belong, each with its name. What claims to be a pipeline may be anything. */
export function isPipeline(definition: unknown): boolean {
  if (!isObject(definition)) return false;
  const isStage = (stage: JsonObject) => !Object.hasOwn(stage, "actions") || isNamedList(stage["actions"], () => true);
  return isNamedList(definition["stages"], isStage);
}

export function pipelineDifference(
  before: unknown,
  after: unknown,
): { readonly lines: string[]; readonly more: number } {
  const [was, is] = [stagesOf(before), stagesOf(after)];
  const rest = jsonDifferences(restOf(before, "stages"), restOf(after, "stages"));
  const sentences = [
    ...compareStages(was, is),
    ...orderOf(was, is),
    ...rest.found.map((each) => ({ rank: each.path === "version" ? RANK.version : RANK.rest, text: called(each) })),
  ];
  return { lines: sentences.toSorted((a, b) => a.rank - b.rank).map(({ text }) => text), more: rest.more };
}

export function pipelineState(after: unknown): readonly string[] {
  const rest = restOf(after, "stages");
  const stages = [...stagesOf(after).values()].map(({ name, actions }) => `stage ${quoted(name)}${contents(actions)}`);
  const others = Object.keys(rest).map((name) => `${CALLED.get(name) ?? name}: ${shown(rest[name])}`);
  return [...stages, ...others];
}

function compareStages(was: ReadonlyMap<string, Stage>, is: ReadonlyMap<string, Stage>): readonly Sentence[] {
  const sentences: Sentence[] = [];
  for (const [key, { name, actions }] of was) {
    if (is.has(key)) continue;
    const rank = [...actions.values()].some(({ isApproval }) => isApproval) ? RANK.approvalGone : RANK.gone;
    sentences.push({ rank, text: `stage ${quoted(name)} was removed${contents(actions)}` });
  }
  for (const [key, stage] of is) {
    const before = was.get(key);
    if (before !== undefined) sentences.push(...compareStage(before, stage));
    else sentences.push({ rank: RANK.added, text: `stage ${quoted(stage.name)} was added${contents(stage.actions)}` });
  }
  return sentences;
}

function compareStage(was: Stage, is: Stage): readonly Sentence[] {
  const sentences: Sentence[] = [];
  for (const [key, action] of was.actions) {
    if (is.actions.has(key)) continue;
    const rank = action.isApproval ? RANK.approvalGone : RANK.gone;
    sentences.push({ rank, text: `${actionName(action)} was removed from stage ${quoted(is.name)}` });
  }
  for (const [key, action] of is.actions) {
    const before = was.actions.get(key);
    if (before !== undefined) sentences.push(...compareAction(is.name, before, action));
    else sentences.push({ rank: RANK.added, text: `${actionName(action)} was added to stage ${quoted(is.name)}` });
  }
  const { found } = jsonDifferences(was.rest, is.rest);
  return [
    ...sentences,
    ...found.map((each) => ({ rank: RANK.changed, text: `stage ${is.name}: ${lineOf(each, "it")}` })),
  ];
}

function compareAction(stage: string, was: Action, is: Action): readonly Sentence[] {
  const at = `action ${stage}/${is.name}`;
  const { found } = jsonDifferences(was.definition, is.definition);
  const changes = found.map(({ path, text }) => {
    // What an action is told to do is called by its own name: ProjectName, not configuration.ProjectName.
    const name = CALLED.get(path) ?? path.replace(/^(configuration|actionTypeId)\./, "");
    return { rank: RANK.changed, text: `${at}: ${name} ${text}` };
  });
  if (!was.isApproval || is.isApproval) return changes;
  return [{ rank: RANK.approvalGone, text: `${at} is no manual approval any more, but ${is.provider}` }, ...changes];
}

/** Each stage that comes right before one that it came after. */
function orderOf(was: ReadonlyMap<string, Stage>, is: ReadonlyMap<string, Stage>): readonly Sentence[] {
  const places = new Map([...was.keys()].map((key, place) => [key, place]));
  const common = [...is].flatMap(([key, { name }]) => {
    const place = places.get(key);
    return place === undefined ? [] : [{ name, place }];
  });
  return common.flatMap(({ name, place }, index) => {
    const next = common[index + 1];
    if (next === undefined || next.place > place) return [];
    return [{ rank: RANK.order, text: `stage ${quoted(name)} now comes before ${quoted(next.name)}` }];
  });
}

function contents(actions: ReadonlyMap<string, Action>): string {
  // An approval is what a reader looks for, and a list may be cut.
  const inOrder = [...actions.values()].toSorted((a, b) => Number(b.isApproval) - Number(a.isApproval));
  return inOrder.length === 0 ? "" : ` (${listed(inOrder.map(actionName))})`;
}

function actionName({ name, isApproval, provider }: Action): string {
  return isApproval ? `manual approval ${quoted(name)}` : `action ${quoted(name)} of ${provider}`;
}

function called(difference: Difference): string {
  const [, head = "", tail = ""] = /^([^.[]*)(.*)$/.exec(difference.path) ?? [];
  return lineOf({ ...difference, path: `${CALLED.get(head) ?? head}${tail}` }, "the definition");
}

function stagesOf(definition: unknown): ReadonlyMap<string, Stage> {
  return byName(membersOf(definition, "stages"), (name, stage) => ({
    name,
    actions: byName(membersOf(stage, "actions"), toAction),
    rest: restOf(stage, "actions", "name"),
  }));
}

function toAction(name: string, definition: JsonObject): Action {
  const type = definition["actionTypeId"];
  const { category, provider } = isObject(type) ? type : {};
  const isApproval = category === "Approval";
  const by = typeof provider === "string" ? cut(provider, MAX_NAME_CHARS) : "unknown";
  return { name, isApproval, provider: by, definition };
}

function isNamedList(value: unknown, isMember: (member: JsonObject) => boolean): boolean {
  const isNamed = (member: unknown) => isObject(member) && typeof member["name"] === "string" && isMember(member);
  return Array.isArray(value) && value.every(isNamed);
}

/** AWS lets no two have the same name; were there two, the second is told apart by its place. */
function byName<T>(members: readonly unknown[], read: (name: string, member: JsonObject) => T): ReadonlyMap<string, T> {
  const named = new Map<string, T>();
  for (const [place, member] of members.entries()) {
    if (!isObject(member)) continue;
    const name = typeof member["name"] === "string" ? member["name"] : "without a name";
    // Each sentence about it has the name, which may be of megabytes.
    named.set(named.has(name) ? `${name}\n${place}` : name, read(cut(name, MAX_NAME_CHARS), member));
  }
  return named;
}

function membersOf(value: unknown, name: string): readonly unknown[] {
  const members = isObject(value) ? value[name] : undefined;
  return Array.isArray(members) ? members : [];
}

function restOf(value: unknown, ...without: readonly string[]): JsonObject {
  if (!isObject(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([name]) => !without.includes(name)));
}
