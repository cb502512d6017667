/** What a change of the policy means, in words: who may do what they could not, and the reverse. */
import { nameOfPlace } from "./access-question.ts";
import { type Permission, permissionKey } from "./permissions.ts";

export type ChangeKind = "gained" | "lost" | "widened" | "narrowed" | "changed";

export interface PermissionChange {
  readonly change: ChangeKind;
  readonly principal: string;
  readonly action: string;
  readonly place: string;
  /** A sentence without a full stop. */
  readonly says: string;
}

/** Changes that are said in one sentence: of one principal, and alike in all but what and where. */
export interface ChangeGroup {
  readonly change: ChangeKind;
  readonly says: string;
}

/** Around what may be done: "may now do … in …, only with MFA". */
interface Wording {
  readonly change: ChangeKind;
  readonly verb: string;
  readonly restriction: string;
}

interface WordedChange extends Wording {
  readonly permission: Permission;
}

/** In the order of the permissions: what is lost stands first. */
export function comparePermissions(before: Iterable<Permission>, after: Iterable<Permission>): PermissionChange[] {
  return changesBetween(before, after).map((worded) => {
    const { principal, action, place } = worded.permission;
    const says = sentence(worded, [action], [nameOfPlace(place)]);
    return { change: worded.change, principal: principal.id, action, place: nameOfPlace(place), says };
  });
}

/** The same for people to read: what somebody may do in several places, or several things that they may do in one, is one line. */
export function groupChanges(before: Iterable<Permission>, after: Iterable<Permission>): ChangeGroup[] {
  const changes = changesBetween(before, after);
  const inPlace = Map.groupBy(changes, (worded) => `${keyOf(worded)}\n${nameOfPlace(worded.permission.place)}`);
  const groups = Map.groupBy(inPlace.values(), ([first, ...others]) =>
    first === undefined ? "" : `${keyOf(first)}\n${actionsOf([first, ...others]).join(" ")}`,
  );
  return [...groups.values()].flatMap((places) => {
    const all = places.flat();
    const [first] = all;
    if (first === undefined) return [];
    const names = new Set(all.map(({ permission }) => nameOfPlace(permission.place)));
    return [{ change: first.change, says: sentence(first, actionsOf(all), [...names]) }];
  });
}

function changesBetween(before: Iterable<Permission>, after: Iterable<Permission>): WordedChange[] {
  const old = new Map([...before].map((permission) => [permissionKey(permission), permission]));
  const now = new Map([...after].map((permission) => [permissionKey(permission), permission]));
  const lost = [...old].filter(([key]) => !now.has(key)).map(([, permission]) => ({ ...LOST, permission }));
  const others = [...now].flatMap(([key, permission]) => {
    const wording = wordingOf(old.get(key), permission);
    return wording === undefined ? [] : [{ ...wording, permission }];
  });
  return [...lost, ...others];
}

const LOST: Wording = { change: "lost", verb: "may no longer do", restriction: "" };

function wordingOf(before: Permission | undefined, { conditions }: Permission): Wording | undefined {
  if (before === undefined) {
    const restriction = conditions.length === 0 ? "" : `, only ${listed(conditions)}`;
    return { change: "gained", verb: "may now do", restriction };
  }
  const dropped = before.conditions.filter((condition) => !conditions.includes(condition));
  const added = conditions.filter((condition) => !before.conditions.includes(condition));
  const more = `not only ${listed(dropped)} any more`;
  const less = `only ${listed(added)} from now on`;
  const verb = "may do";
  if (dropped.length === 0 && added.length === 0) return undefined;
  if (added.length === 0) return { change: "widened", verb, restriction: ` ${more}` };
  if (dropped.length === 0) return { change: "narrowed", verb, restriction: ` ${less}` };
  return { change: "changed", verb, restriction: ` ${less}, and ${more}` };
}

function sentence(worded: WordedChange, actions: readonly string[], places: readonly string[]): string {
  const { principal } = worded.permission;
  const who = principal.type === "Person" ? principal.id : `the workload ${principal.id}`;
  return `${who} ${worded.verb} ${actions.join(", ")} in ${places.join(", ")}${worded.restriction}`;
}

function keyOf({ permission: { principal }, verb, restriction }: WordedChange): string {
  return [principal.type, principal.id, verb, restriction].join("\n");
}

function actionsOf(changes: readonly WordedChange[]): string[] {
  return [...new Set(changes.map(({ permission }) => permission.action))];
}

function listed(conditions: readonly string[]): string {
  return new Intl.ListFormat("en", { type: "conjunction" }).format(conditions);
}
