/** What GitHub's audit log tells of before and after: who sees a repository, and what a person or a team may do. */
import type { GitHubAuditRecord } from "../sources/github/github-audit-schema.ts";
import type { ToldChange } from "./change.ts";

/** By what a record has, whatever its action: the states on both sides stand in it, or it tells no change. */
export function gitHubAuditChange(record: GitHubAuditRecord): ToldChange | undefined {
  const { visibility, previous_visibility, permission, old_permission, user, team } = record;
  if (visibility !== undefined && previous_visibility !== undefined) {
    return { kind: "repository visibility", after: visibility, before: previous_visibility };
  }
  if (permission === undefined || old_permission === undefined) return undefined;
  const holder = team === undefined ? user : `team ${team}`;
  return holder === undefined ? undefined : { kind: `access of ${holder}`, after: permission, before: old_permission };
}
