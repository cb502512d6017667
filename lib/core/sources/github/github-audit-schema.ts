/** A record of GitHub's audit log, as an enterprise streams or exports it (https://docs.github.com/en/enterprise-cloud@latest/admin/monitoring-activity-in-your-enterprise/reviewing-audit-logs-for-your-enterprise). */
import * as z from "zod";
import { anything, flag, read, text } from "../fields.ts";
import { canonicalJson, isObject, type JsonObject, sha256Hex } from "../json.ts";
import { lenient } from "../read-members.ts";
import { MAX_TIME_MS } from "./github-schema.ts";

/** Who and where may be one or several: an instance of one's own lists every organisation that an event touched. */
const name = lenient((value) => {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" && first !== "" ? first : undefined;
});
/** Only the action and the time are relied on: any other field may be missing, null or of another type. */
const GitHubAuditRecord = z.object({
  action: z.string().min(1),
  time: z.number({ error: "@timestamp and created_at are no milliseconds since 1970" }).positive().max(MAX_TIME_MS),
  _document_id: text,
  request_id: text,
  operation_type: text,
  actor: name,
  actor_is_bot: flag,
  actor_ip: text,
  user_agent: text,
  external_identity_nameid: text,
  programmatic_access_type: text,
  token_id: anything,
  token_scopes: text,
  user: name,
  business: name,
  org: name,
  repo: name,
  repository: name,
  team: name,
  permission: text,
  old_permission: text,
  role: text,
  organization_role_name: text,
  enterprise_role_name: text,
  branch: text,
  ref: text,
  key: text,
  read_only: flag,
  visibility: text,
  previous_visibility: text,
  environment_name: text,
  pull_request_id: anything,
  pull_request_url: text,
  workflow_run_id: anything,
  head_sha: text,
  conclusion: text,
  status_code: anything,
  overridden_codes: z.array(z.string()).optional().catch(undefined),
  secrets_passed: z.array(z.string()).optional().catch(undefined),
  runner_name: text,
  transport_protocol_name: text,
});
export type GitHubAuditRecord = z.infer<typeof GitHubAuditRecord>;

export interface GitHubAuditMessage {
  readonly kind: "github-audit";
  /** The record's text as it arrived: what `raw_data` is made of. */
  readonly raw: string;
  /** GitHub delivers a record at least once, always with the same id. */
  readonly uid: string;
  readonly record: GitHubAuditRecord;
  /** The whole record, with what our schema does not know. */
  readonly original: JsonObject;
}

/** A category and what happened in it: `org.add_member`, `repo.config.enable_collaborators_only`. */
const ACTION = /^[a-z]\w*(\.[a-z]\w*)+$/;
/** The longest that is documented has 94. */
const MAX_ACTION_CHARS = 200;
/** Samples write dots or zeros where an id was, and an id is what two records are told apart by. */
const DOCUMENT_ID = /^(?!(.)\1*$)[\w-]{8,}$/;
/** Any of them names who, where or which; Git's events have no id, and without a user no actor. */
const NAMES = ["actor", "_document_id", "org", "repo", "business"];

export function isGitHubAuditRecord(value: unknown): value is JsonObject {
  if (!isObject(value)) return false;
  const { action, "@timestamp": timestamp, created_at } = value;
  return (
    typeof action === "string" &&
    action.length <= MAX_ACTION_CHARS &&
    ACTION.test(action) &&
    [timestamp, created_at].some((time) => typeof time === "number") &&
    NAMES.some((each) => Object.hasOwn(value, each))
  );
}

export function gitHubAuditMessage(original: JsonObject, raw: string): GitHubAuditMessage {
  const record = readGitHubAudit(original);
  const id = record._document_id ?? "";
  const uid = DOCUMENT_ID.test(id) ? id : `sha256:${sha256Hex(canonicalJson(original))}`;
  return { kind: "github-audit", raw, uid, record, original };
}

/** An instance of one's own has part of the fields one level deeper. */
export function readGitHubAudit(original: JsonObject): GitHubAuditRecord {
  const { data, "@timestamp": timestamp, created_at } = original;
  const time = typeof timestamp === "number" ? timestamp : created_at;
  return read(GitHubAuditRecord, { ...(isObject(data) && data), ...original, time }, "the audit log's record");
}
