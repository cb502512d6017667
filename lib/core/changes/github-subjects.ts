/** What GitHub's webhooks tell of protections, settings and access (https://docs.github.com/en/webhooks/webhook-events-and-payloads). */
import { defined } from "../sources/fields.ts";
import { isObject, type JsonObject } from "../sources/json.ts";
import type { WebhookMessage } from "../sources/webhooks/webhook-source.ts";
import { nameOf, type ToldChange } from "./change.ts";
import { rulesetChange } from "./github-ruleset.ts";
import { earlier, lifeOf, told } from "./github-state.ts";

export function gitHubChange({ headers, original }: WebhookMessage): ToldChange | undefined {
  switch (headers["x-github-event"]) {
    case "branch_protection_rule":
      return protectionChange(original);
    case "repository_ruleset":
      return rulesetChange(original);
    case "repository":
      return repositoryChange(original);
    case "member":
      return memberChange(original);
    case "team":
      return teamChange(original);
    case "deploy_key":
      return deployKeyChange(original);
    default:
      return undefined;
  }
}

const IDENTITY = ["id", "node_id", "repository_id", "created_at", "updated_at"];

function protectionChange({ action, rule, changes }: JsonObject): ToldChange | undefined {
  if (!isObject(rule)) return undefined;
  const state = Object.fromEntries(Object.entries(rule).filter(([name]) => !IDENTITY.includes(name)));
  const before = action === "edited" ? earlier(state, changes) : undefined;
  return { kind: `branch protection ${nameOf(rule["name"])}`, ...lifeOf(action, state), ...told(before) };
}

/** Of the many members of a repository those that somebody sets, and that decide who gets at it or what is built. */
const SETTINGS = [
  ...["name", "description", "homepage", "default_branch", "archived", "topics", "is_template", "has_issues"],
  ...["has_wiki", "has_pages", "has_discussions", "allow_forking", "web_commit_signoff_required"],
];

/** What an action says by its name alone. */
const BY_NAME = new Map<unknown, readonly [setting: string, after: boolean]>([
  ["publicized", ["public", true]],
  ["privatized", ["public", false]],
  ["archived", ["archived", true]],
  ["unarchived", ["archived", false]],
]);

function repositoryChange({ action, repository, changes }: JsonObject): ToldChange | undefined {
  if (!isObject(repository)) return undefined;
  const { owner, visibility, private: isPrivate } = repository;
  const known = SETTINGS.filter((name) => Object.hasOwn(repository, name)).map((name) => [name, repository[name]]);
  const state: JsonObject = {
    ...(isObject(owner) && { owner: owner["login"] }),
    ...Object.fromEntries(known),
    ...(typeof visibility === "string" || typeof isPrivate === "boolean"
      ? { public: typeof visibility === "string" ? visibility === "public" : !isPrivate }
      : {}),
  };
  const [setting, is] = BY_NAME.get(action) ?? [];
  const kind = "repository";
  if (setting !== undefined) return { kind, after: { ...state, [setting]: is }, before: { ...state, [setting]: !is } };
  return { kind, ...lifeOf(action, state), ...told(earlier(state, settingsIn(changes))) };
}

/** A new name and a new owner are told one level deeper than the other settings. */
function settingsIn(changes: unknown): unknown {
  if (!isObject(changes)) return undefined;
  const { repository, owner, ...others } = changes;
  const from = isObject(owner) && isObject(owner["from"]) ? owner["from"] : {};
  const was = [from["user"], from["organization"]].find(isObject);
  return {
    ...others,
    ...(isObject(repository) && { name: repository["name"] }),
    ...(was !== undefined && { owner: { from: was["login"] } }),
  };
}

/** The role where GitHub tells it, since a permission hides roles of one's own. */
function memberChange({ action, member, changes }: JsonObject): ToldChange | undefined {
  if (!isObject(member)) return undefined;
  const { permission, role_name: role, old_permission: old } = isObject(changes) ? changes : {};
  const now = [role, permission].filter(isObject).map(({ to }) => to);
  const was = [role, permission, old].filter(isObject).map(({ from }) => from);
  const isWord = (value: unknown) => typeof value === "string";
  const [is, before] = [now.find(isWord), was.find(isWord)];
  const kind = `access of ${nameOf(member["login"])}`;
  if (action === "removed") return { kind, after: null };
  if (action === "added") return { kind, before: null, after: is ?? "collaborator" };
  if (is !== undefined) return { kind, after: is, ...told(before) };
  // Older payloads tell the permission that was, and not the one that is.
  return before === undefined ? undefined : { kind, after: "another permission", before, isPartial: true };
}

function teamChange({ action, team, repository, changes }: JsonObject): ToldChange | undefined {
  if (!isObject(team)) return undefined;
  const name = nameOf(team["slug"] ?? team["name"]);
  if (!isObject(repository)) {
    const { name: title, privacy, permission, notification_setting: notifications, parent } = team;
    const above = isObject(parent) ? parent["slug"] : undefined;
    const state = defined({ name: title, privacy, permission, notification_setting: notifications, parent: above });
    return { kind: `team ${name}`, ...lifeOf(action, state), ...told(earlier(state, changes)) };
  }
  const state = { permissions: repository["permissions"] ?? team["permission"] ?? "unknown" };
  const kind = `access of team ${name}`;
  // Of a team that was taken out, the payload tells what it may do now: nothing.
  if (action === "removed_from_repository") return { kind, after: null };
  const { repository: change } = isObject(changes) ? changes : {};
  const before = action === "edited" && isObject(change) ? earlierPermissions(state, change) : undefined;
  return { kind, ...lifeOf(action, state), ...told(before) };
}

/** Only the permissions that changed are told. */
function earlierPermissions(state: { readonly permissions: unknown }, change: JsonObject): JsonObject | undefined {
  const { permissions } = change;
  const from = isObject(permissions) ? permissions["from"] : undefined;
  if (!isObject(from) || !isObject(state.permissions)) return undefined;
  return { permissions: { ...state.permissions, ...from } };
}

function deployKeyChange({ action, key }: JsonObject): ToldChange | undefined {
  if (!isObject(key)) return undefined;
  const { id, title, read_only: isReadOnly, verified } = key;
  return { kind: `deploy key ${nameOf(id)}`, ...lifeOf(action, defined({ title, read_only: isReadOnly, verified })) };
}
