/** The states before and after, as GitHub's webhooks tell them: by the payload's action, and by what its `changes` say was. */
import { isObject, type JsonObject } from "../sources/json.ts";
import type { ToldChange } from "./change.ts";

/** The states on both sides of a thing that was made or taken away. */
export function lifeOf(action: unknown, state: unknown): Pick<ToldChange, "after" | "before"> {
  if (action === "deleted") return { after: null, before: state };
  const isNew = action === "created" || action === "added_to_repository";
  return isNew ? { after: state, before: null } : { after: state };
}

/** What was, by `{ enforcement: { from: "active" } }`. Undefined where it tells nothing. */
export function earlier(after: JsonObject, changes: unknown): JsonObject | undefined {
  if (!isObject(changes)) return undefined;
  const members = Object.entries(changes).flatMap(([name, change]) =>
    isObject(change) && Object.hasOwn(change, "from") ? [[name, change["from"]] as const] : [],
  );
  return members.length === 0 ? undefined : { ...after, ...Object.fromEntries(members) };
}

export function told(before: unknown): Pick<ToldChange, "before"> {
  return before === undefined ? {} : { before };
}
