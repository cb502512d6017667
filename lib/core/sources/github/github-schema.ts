/** A GitHub webhook as the receiver enqueues it (https://docs.github.com/en/webhooks/webhook-events-and-payloads). */
import * as z from "zod";
import { anything, flag, object, part, read, text } from "../fields.ts";
import { lenient } from "../read-members.ts";
import type { WebhookMessage } from "../webhooks/webhook-source.ts";

/** The last millisecond that an ISO time with four digits for the year can write. */
export const MAX_TIME_MS = Date.parse("9999-12-31T23:59:59.999Z");

/** Reviewers, repositories and responses past this are in the raw data alone. */
const MAX_LISTED = 20;

const Account = part(z.object({ login: text, type: text }));
const Change = part(z.object({ to: text }));
const Repository = part(z.object({ full_name: text, pushed_at: anything }));
const Team = part(z.object({ slug: text, name: text, permission: text }));
/** A run of a check, a job or a workflow, or a suite of checks. */
const Run = part(
  z.object({
    id: anything,
    run_id: anything,
    run_attempt: anything,
    name: text,
    status: text,
    conclusion: text,
    head_sha: text,
    created_at: text,
    started_at: text,
    updated_at: text,
    completed_at: text,
    runner_name: text,
    runner_group_name: text,
  }),
);
/** What waits for a review. */
const JobRun = part(z.object({ environment: text }));
const Package = part(z.object({ name: text, package_type: text }));

/** What we read of any payload; each field may be missing or of another type. */
export const GitHubPayload = z.object({
  action: text,
  ref: text,
  ref_type: text,
  before: text,
  after: text,
  created: flag,
  deleted: flag,
  forced: flag,
  sha: text,
  state: text,
  status: text,
  environment: text,
  since: text,
  created_at: text,
  updated_at: text,
  sender: Account,
  organization: Account,
  member: Account,
  user: Account,
  blocked_user: Account,
  approver: Account,
  requestor: Account,
  membership: part(z.object({ role: text, user: Account })),
  invitation: part(z.object({ login: text, role: text })),
  team: Team,
  repository: Repository,
  forkee: Repository,
  repositories: listOf(Repository),
  repositories_added: listOf(Repository),
  repositories_removed: listOf(Repository),
  installation: part(
    z.object({ id: anything, app_slug: text, account: Account, permissions: object, created_at: anything }),
  ),
  personal_access_token_request: part(
    z.object({ id: anything, owner: Account, permissions_result: object, created_at: text }),
  ),
  pull_request: part(
    z.object({
      number: anything,
      merged: anything,
      updated_at: text,
      merge_commit_sha: text,
      head: part(z.object({ sha: text })),
    }),
  ),
  review: part(z.object({ state: text, submitted_at: text, commit_id: text })),
  reviewers: listOf(part(z.object({ type: text, reviewer: part(z.object({ login: text, slug: text })) }))),
  merge_group: part(z.object({ head_sha: text, base_ref: text })),
  rule: part(z.object({ name: text, updated_at: text })),
  repository_ruleset: part(z.object({ name: text, enforcement: text })),
  key: part(z.object({ id: anything, title: text, read_only: flag, created_at: text })),
  alert: part(
    z.object({
      push_protection_bypassed: flag,
      push_protection_bypassed_by: Account,
      push_protection_bypassed_at: text,
      dismissed_reason: text,
      resolution: text,
      created_at: text,
      updated_at: text,
    }),
  ),
  exemption_request: part(
    z.object({
      requester_login: text,
      request_type: text,
      created_at: text,
      responses: listOf(part(z.object({ reviewer_login: text, status: text }))),
    }),
  ),
  workflow_run: Run,
  workflow_job_run: JobRun,
  workflow_job_runs: listOf(JobRun),
  workflow_job: Run,
  check_run: Run,
  check_suite: Run,
  changes: object.transform((value) => value && { ...value, ...Changes.safeParse(value).data }),
  deployment: part(z.object({ sha: text, ref: text, environment: text, created_at: text })),
  deployment_status: part(z.object({ state: text, environment: text, created_at: text })),
  release: part(z.object({ tag_name: text, published_at: text })),
  package: Package,
  registry_package: Package,
  build: part(z.object({ status: text, commit: text, updated_at: text })),
});
export type GitHubPayload = z.infer<typeof GitHubPayload>;

const Changes = z.object({ permission: Change, role_name: Change });

export interface GitHubMessage {
  readonly raw: string;
  /** The event's name: `push`, `pull_request`. */
  readonly event: string;
  readonly delivery?: string;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly payload: GitHubPayload;
}

export function readGitHub({ raw, headers, receivedAt, original }: WebhookMessage): GitHubMessage {
  const delivery = headers["x-github-delivery"];
  return {
    raw,
    event: headers["x-github-event"] ?? "unknown",
    ...(delivery !== undefined && { delivery }),
    receivedAt,
    payload: read(GitHubPayload, original, "the webhook's payload"),
  };
}

/** Elements that cannot be used are left out. */
function listOf<T>(element: z.ZodType<T>) {
  return lenient((value) => {
    if (!Array.isArray(value)) return undefined;
    const elements = value.slice(0, MAX_LISTED).map((each) => element.safeParse(each).data);
    return elements.filter((each) => each !== undefined && each !== null);
  });
}
