/** Webhooks told from their bodies alone: what the lost headers said is found again, or said not to be known. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { recogniseWebhook } from "../../../lib/core/sources/recorded/recognise-webhook.ts";
import { recordedMessage } from "../../../lib/core/sources/recorded/recorded.ts";
import { WEBHOOK_SOURCES } from "../../../lib/core/sources/webhooks/webhook-source.ts";
import { fixtureNames } from "./fixtures.ts";

const EVENTS = path.resolve(import.meta.dirname, "../../events");
const RECEIVED_AT = Date.parse("2026-11-23T10:00:00Z");
/** Two events of one shape, which nothing but the header tells apart, and events that there are not yet. */
const TOLD_BY_THE_HEADER_ALONE = new Map([
  ["bitbucket/pull-request-approved", "pullrequest:approval"],
  ["bitbucket/pull-request-created", "pullrequest:updated"],
  ["bitbucket/invented-next-year", "unknown"],
  ["github/invented-next-year", "unknown.entangled"],
]);

describe.each(WEBHOOK_SOURCES.filter((source) => source !== "standard"))("a body of %s alone", (source) => {
  test.each(fixtureNames(source))("is known, and its event is: %s", (name) => {
    const { headers, body } = JSON.parse(readFileSync(path.join(EVENTS, source, `${name}.json`), "utf8"));
    const [told, alone] = [{ headers, body, source }, body].map((recording) => {
      const message = parseMessage(recordedMessage(recording, RECEIVED_AT));
      const { event, action } = normalise(message);
      return { message, action, operation: event.metadata.event_code, who: event.actor?.user?.uid };
    });
    expect(alone?.message).toMatchObject({ kind: "webhook", source, original: told?.message.original });
    expect(alone?.who).toBe(told?.who);
    const exception = TOLD_BY_THE_HEADER_ALONE.get(`${source}/${name}`);
    if (exception === undefined) expect(alone).toMatchObject({ operation: told?.operation, action: told?.action });
    else expect([alone?.operation, told?.operation]).toEqual([exception, expect.not.stringMatching(exception)]);
  });
});

const SENDER = { login: "analima", node_id: "x" };
const REPOSITORY = { full_name: "acme/shop" };

describe("GitHub's event", () => {
  test.each([
    ["push", { ref: "refs/heads/main", before: "a", after: "b", pusher: {} }],
    ["create", { ref: "v1", ref_type: "tag", master_branch: "main", pusher_type: "user" }],
    ["delete", { ref: "v1", ref_type: "tag", pusher_type: "user" }],
    ["deployment", { action: "created", deployment: {}, workflow: null, workflow_run: {} }],
    ["deployment_status", { action: "created", deployment: {}, deployment_status: {}, check_run: {} }],
    ["deployment_review", { action: "approved", workflow_run: {}, approver: {}, reviewers: [] }],
    ["workflow_run", { action: "requested", workflow_run: {}, workflow: {} }],
    ["workflow_job", { action: "queued", workflow_job: {}, deployment: {} }],
    ["workflow_dispatch", { inputs: null, ref: "refs/heads/main", workflow: ".github/workflows/release.yml" }],
    ["pull_request", { action: "opened", number: 1, pull_request: {}, review: null }],
    ["pull_request_review", { action: "submitted", pull_request: {}, review: {} }],
    ["membership", { action: "added", scope: "team", member: {}, team: {} }],
    ["member", { action: "added", member: {} }],
    ["team", { action: "added_to_repository", team: {} }],
    ["team_add", { team: {} }],
    ["organization", { action: "member_added", membership: {}, organization: {} }],
    ["installation", { action: "created", installation: { id: 1, account: {} }, repositories: [] }],
    ["installation_repositories", { action: "added", installation: { account: {} }, repositories_added: [] }],
    ["repository", { action: "deleted", installation: { id: 1 } }],
    ["watch", { action: "started" }],
    ["public", {}],
    ["star", { action: "deleted", starred_at: null }],
    ["dependabot_alert", { action: "created", alert: { number: 1, security_vulnerability: {} } }],
    ["secret_scanning_alert", { action: "created", alert: { number: 1, secret_type: "x" } }],
    ["code_scanning_alert", { action: "created", alert: { number: 1, tool: {} }, commit_oid: "a", ref: "" }],
  ])("%s is told by its members", (event, members) => {
    const body = { repository: REPOSITORY, sender: SENDER, ...members };
    expect(recogniseWebhook(body, [])).toEqual({ source: "github", headers: { "x-github-event": event } });
  });

  test("is told by a folder's name where the body does not tell, and by nothing else", () => {
    const body = { action: "entangled", sender: SENDER, quantum: {} };
    const headersOf = (hints: string[]) => recogniseWebhook(body, hints)?.headers;
    expect(headersOf(["data", "fork", "octokit", "package", "1"])).toEqual({ "x-github-event": "package" });
    expect(headersOf(["data", "entangled", "constructor", "__proto__"])).toEqual({});
    expect(recogniseWebhook({ ...body, release: {} }, ["push"])?.headers).toEqual({ "x-github-event": "release" });
  });
});

describe("Bitbucket's event", () => {
  const body = { actor: {}, repository: REPOSITORY };
  const request = (members: object) => ({ ...body, pullrequest: { state: "OPEN|MERGED|DECLINED" }, ...members });
  const keyOf = (value: object, ...hints: string[]) =>
    recogniseWebhook({ ...value }, hints)?.headers["x-event-key"] ?? "none";

  test("is never guessed: what two events share stands where the body does not tell, and the file's name may", () => {
    expect(keyOf(request({ approval: {} }))).toBe("pullrequest:approval");
    expect(keyOf(request({ approval: {} }), "pull-request-approved")).toBe("pullrequest:approved");
    expect(keyOf(request({ approval: {} }), "pull-request-merged")).toBe("pullrequest:approval");
    expect(keyOf(request({}))).toBe("pullrequest");
    expect(keyOf(request({}), "pull-request-merged")).toBe("pullrequest:fulfilled");
    expect(keyOf(request({ pullrequest: { state: "DECLINED" } }), "pull-request-merged")).toBe("pullrequest:rejected");
  });

  test.each([
    ["repo:push", { push: { changes: [] } }],
    ["pullrequest:comment_deleted", request({ comment: { deleted: true } })],
    ["issue:updated", { issue: {}, comment: {}, changes: {} }],
    ["issue:comment_created", { issue: {}, comment: {} }],
    ["repo:commit_status_updated", { commit_status: { created_on: "a", updated_on: "b" } }],
    ["none", { quantum: {} }],
  ])("%s is told by its members", (key, members) => {
    expect(keyOf({ ...body, ...members })).toBe(key);
  });
});

test("what is no webhook is not taken for one", () => {
  for (const body of [
    {},
    { sender: "analima" },
    { sender: {}, repository: REPOSITORY },
    { actor: {}, repository: {} },
    { event_name: "push" },
    { eventType: "git.push" },
    { type: "job-completed", happened_at: "2026-11-23T10:00:00Z" },
    { name: "deploy", build: { number: 1 } },
    { metadata: {}, spec: {}, status: {} },
  ]) {
    expect([body, recogniseWebhook(body, ["github", "push", "pull-request-merged"])]).toEqual([body, undefined]);
  }
});
