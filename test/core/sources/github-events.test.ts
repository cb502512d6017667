/** GitHub webhooks beyond the table of fixtures: trace and links, whose access changed, details for rules, families of events, hostile payloads. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DELIVERY_ACTIONS } from "../../../lib/core/record/delivery-action.ts";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { normalise } from "../../../lib/core/sources/normalise.ts";
import { principalOf } from "../../../lib/core/sources/principal.ts";
import { validateOcsf } from "../../ocsf-validator.ts";
import { fixtureNames, normalised } from "./fixtures.ts";
import { gitHubSamples, hasOcsfSchema, hasSamples, ocsfSchema } from "./shared-samples.ts";
import { recordedWebhook, webhookOf } from "./webhook-fixtures.ts";

const COMMIT = "commit:5f1c0d8a4be24a6f9c5f6b1de0a7c1f2a3b4c5d6";
const MERGE = "commit:77aa0d8a4be24a6f9c5f6b1de0a7c1f2a3b4c5e9";
const PULL = "github:acme/shop/pull/12";
const RUN = "github:acme/shop/actions/runs/9001";
const names = fixtureNames("github");
const schema = hasOcsfSchema ? ocsfSchema() : undefined;

describe("the delivery that an event belongs to", () => {
  test.each<[fixture: string, trace: string | undefined, links?: readonly string[]]>([
    ["push", COMMIT],
    ["push-branch-deleted", undefined],
    ["pull-request-opened", PULL, [COMMIT]],
    ["pull-request-closed", PULL, [COMMIT]],
    ["pull-request-merged", PULL, [COMMIT, MERGE]],
    ["review-approved", PULL, [COMMIT]],
    ["workflow-run-requested", RUN],
    ["workflow-run-again", RUN, [COMMIT]],
    ["workflow-job-in-progress", RUN, [COMMIT]],
    ["deployment-created", RUN, [COMMIT]],
    ["deployment-status-failed", COMMIT],
    ["deployment-approved", RUN, [COMMIT]],
    ["check-run-again", COMMIT],
    ["status-failed", COMMIT],
    ["repository-publicized", undefined],
  ])("%s", (fixture, trace, links) => {
    const seen = normalised("github", fixture);
    expect([seen.trace, seen.links]).toEqual([trace, links]);
  });

  test("is told by nothing that is malformed", () => {
    const run = { id: 9001, head_sha: "main" };
    expect(seenOf("workflow_run", { repository: { full_name: "acme/shop" }, workflow_run: run })).toEqual([
      RUN,
      undefined,
    ]);
    for (const full_name of ["acme", "acme/shop/../..", "acme/shop\n", `acme/${"x".repeat(500)}`, ""]) {
      expect(seenOf("workflow_run", { repository: { full_name }, workflow_run: run })).toEqual([undefined, undefined]);
    }
    for (const id of ["9001/../1", -1, 1.5, 1e21, null, {}]) {
      const payload = { repository: { full_name: "acme/shop" }, workflow_run: { id } };
      expect(seenOf("workflow_run", payload)).toEqual([undefined, undefined]);
    }
    for (const after of ["0".repeat(40), "5f1c0d8a", `${"a".repeat(40)}\n`, 7]) {
      expect(seenOf("push", { after })).toEqual([undefined, undefined]);
    }
  });

  function seenOf(event: string, payload: object) {
    const { trace, links } = eventOf(event, payload);
    return [trace, links];
  }
});

describe("whose access changed, and to what", () => {
  test.each<[fixture: string, activity: number, user: string, privileges: readonly string[]]>([
    ["member-added", 1, "github:dee-contractor", ["maintain"]],
    ["member-removed", 2, "github:dee-contractor", ["collaborator"]],
    ["membership-added", 1, "github:dee-contractor", ["team:release-managers"]],
    ["organization-member-added", 1, "github:dee-contractor", ["admin"]],
    ["organization-member-invited", 1, "github:dee-contractor", ["direct_member"]],
    ["installation-created", 1, "github-app-installation:770002", ["contents:write", "metadata:read"]],
    ["token-request-approved", 1, "github:dee-contractor", ["repository.contents:write", "repository.metadata:read"]],
  ])("%s", (fixture, activity, user, privileges) => {
    const { event } = normalised("github", fixture);
    expect([event.activity_id, event.user?.uid, event.privileges]).toEqual([activity, user, privileges]);
  });

  test("a team is a group, and what it may do is its privilege", () => {
    const group = { uid: "github:acme/teams/release-managers", name: "Release managers" };
    expect(normalised("github", "team-created").event).toMatchObject({ activity_id: 6, group });
    const added = normalised("github", "team-added-to-repository").event;
    expect(added).toMatchObject({ activity_id: 1, group, privileges: ["push"] });
  });

  test("an event that names nobody is API Activity, whatever it says of itself", () => {
    const { event, action } = eventOf("member", { action: "added", member: null });
    expect([event.class_uid, action]).toEqual([6003, "access.grant"]);
  });
});

describe("what rules may want to know and OCSF has no word for", () => {
  test.each<[fixture: string, details: object]>([
    ["push-forced", { forced: true, deleted: false, ref: "refs/heads/main", after: COMMIT.slice("commit:".length) }],
    [
      "deployment-approved",
      {
        reviewers: ["github:bochen", "team:release-managers"],
        approver: "bochen",
        requestor: "analima",
        environment: "production",
      },
    ],
    ["workflow-job-in-progress", { job: "deploy", runner: "cellar", runner_group: "on-premises" }],
    ["ruleset-edited", { rule: "main", enforcement: "disabled", changed: ["enforcement"] }],
    ["deploy-key-created", { read_only: false }],
    ["bypass-request-completed", { requester: "dee-contractor", responses: ["approved by github:bochen"] }],
    ["secret-past-push-protection", { bypassed: true }],
    ["fork", { fork: "dee-contractor/shop" }],
  ])("%s", (fixture, details) => {
    expect(normalised("github", fixture).event.unmapped).toMatchObject(details);
  });
});

test("families of events that GitHub adds to are known by their names", () => {
  expect(eventOf("exemption_request_push_ruleset", { action: "completed" }).action).toBe("pipeline.bypass");
  expect(eventOf("dismissal_request_dependabot", { action: "response_submitted" }).action).toBe("source.review");
  expect(eventOf("custom_property_values", { action: "updated" }).action).toBe("source.admin");
  expect(eventOf("exemption_request_push_ruleset", { action: "created" }).action).toBe("other");
});

test("who asks for another run of a check has not failed, whatever the last run did", () => {
  expect(normalised("github", "check-run-again").event.status).toBe("Running");
  const completed = { action: "completed", check_run: { conclusion: "failure" } };
  expect(eventOf("check_run", completed).event.status).toBe("Failure");
});

test("a check's own times are never believed", () => {
  expect(new Date(normalised("github", "check-run-again").event.time).getUTCFullYear()).toBe(2026);
});

test("names that every object inherits are no events", () => {
  for (const event of ["constructor", "toString", "__proto__", "hasOwnProperty"]) {
    const seen = eventOf(event, { action: "valueOf" });
    expect([seen.action, seen.event.class_uid]).toEqual(["other", 6003]);
    expect(eventOf("member", { action: event, member: { login: "dee" } }).event.class_uid).toBe(6003);
  }
});

test("lists without end are cut", () => {
  const reviewers = Array.from({ length: 5000 }, (_, i) => ({ type: "User", reviewer: { login: `u${i}` } }));
  const { event } = eventOf("deployment_review", { action: "requested", reviewers });
  expect(event.unmapped?.["reviewers"]).toHaveLength(20);
  const permissions = Object.fromEntries(reviewers.map((_, i) => [`p${i}`, "write"]));
  const installed = eventOf("installation", { action: "created", installation: { id: 1, permissions } });
  expect(installed.event.privileges).toHaveLength(60);
});

test("any JSON value in the place of any field gives a valid event", () => {
  const recordings = names.map((name) => JSON.parse(recordedWebhook("github", name)));
  const replaced = fc
    .constantFrom(...recordings)
    .map((message) => ({ message, original: JSON.parse(Buffer.from(message.body, "base64").toString()) }))
    .chain((recorded) =>
      fc.tuple(fc.constant(recorded), fc.constantFrom(...pathsOf(recorded.original)), fc.jsonValue()),
    );
  fc.assert(
    fc.property(replaced, ([{ message, original }, at, value]) => {
      expect(errorsOf(webhookOf("github", replace(original, at, value), message.headers))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

// None of the published pull requests is a merged one.
test.skipIf(!hasSamples)("every published sample normalises, and those of its kind mean something", () => {
  const seen = gitHubSamples().map(([file, body]) => [file, normalise(parseMessage(body)), body] as const);
  expect(seen.length).toBeGreaterThan(250);
  for (const [file, , body] of seen) expect([file, errorsOf(body)]).toEqual([file, []]);
  const known = new Set(seen.filter(([, { action }]) => action !== "other").map(([file]) => file.split("/")[2]));
  expect([...known].sort()).toEqual(
    `branch_protection_rule check_run check_suite create delete deploy_key deployment github_app_authorization installation
     installation_repositories member membership meta org_block organization package page_build public
     pull_request_review push registry_package release repository repository_dispatch repository_import team team_add
     workflow_dispatch workflow_job workflow_run`.split(/\s+/),
  );
});

function eventOf(event: string, payload: object) {
  return normalise(parseMessage(webhookOf("github", payload, { "x-github-event": event })));
}

function errorsOf(body: string): readonly string[] {
  const { event, action } = normalise(parseMessage(body));
  expect(principalOf(event)).toMatch(/^(github|service):./);
  expect(DELIVERY_ACTIONS).toContain(action);
  return schema === undefined ? [] : validateOcsf(schema, JSON.parse(JSON.stringify(event)));
}

type Path = readonly string[];

function pathsOf(value: unknown): readonly Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [[key], ...pathsOf(child).map((rest) => [key, ...rest])]);
}

function replace(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined || typeof value !== "object" || value === null) return by;
  const entries = Object.entries(value).map(([name, child]) => [name, name === key ? replace(child, rest, by) : child]);
  return Object.fromEntries(entries);
}
