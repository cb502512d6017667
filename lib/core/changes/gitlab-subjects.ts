/** What GitLab's system and group hooks tell of projects and of access (https://docs.gitlab.com/administration/system_hooks/). */
import type { JsonObject } from "../sources/json.ts";
import type { ToldChange } from "./change.ts";

export function gitLabChange(payload: JsonObject): ToldChange | undefined {
  const event = payload["event_name"];
  if (typeof event !== "string") return undefined;
  if (/^project_(create|destroy|rename|transfer|update)$/.test(event)) return projectChange(event, payload);
  const [, change, holder] = /^user_(add_to|update_for|remove_from)_(team|group)$/.exec(event) ?? [];
  return change === undefined ? undefined : accessChange(change, holder === "team", payload);
}

function projectChange(event: string, payload: JsonObject): ToldChange | undefined {
  const { path_with_namespace: path, old_path_with_namespace: oldPath, project_visibility: visibility } = payload;
  const after = Object.fromEntries(Object.entries({ path, visibility }).filter(([, value]) => value !== undefined));
  const kind = "project";
  if (event === "project_destroy") return { kind, after: null };
  if (event === "project_create") return { kind, after, before: null };
  const isMoved = typeof oldPath === "string" && oldPath !== path;
  return { kind, after, ...(isMoved && { before: { ...after, path: oldPath } }) };
}

/** The level that was is never told. */
function accessChange(change: string, isProject: boolean, payload: JsonObject): ToldChange | undefined {
  const { user_username: user, access_level: level, project_access: project, group_access: group } = payload;
  if (typeof user !== "string") return undefined;
  const kind = `access of ${user}`;
  if (change === "remove_from") return { kind, after: null };
  const after = level ?? (isProject ? project : group) ?? "member";
  return { kind, after, ...(change === "add_to" && { before: null }) };
}
