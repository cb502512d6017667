/** GitHub's audit log: what each record of ours comes to, what a record is, how access was granted, hostile records. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { prepareRecord } from "../../../lib/core/record/prepare-record.ts";
import { isGitHubAuditRecord } from "../../../lib/core/sources/github/github-audit-schema.ts";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { eventId, lastingIdentity, normalise, rawRecord } from "../../../lib/core/sources/normalise.ts";
import { principalOf } from "../../../lib/core/sources/principal.ts";
import { recordedMessage } from "../../../lib/core/sources/recorded/recorded.ts";
import { validateOcsf } from "../../ocsf-validator.ts";
import { fixtureBody, fixtureNames, normalised } from "./fixtures.ts";
import { hasOcsfSchema, ocsfSchema } from "./shared-samples.ts";

const ANA = "github:analima";
const SHOP = "github:acme/shop";
const RUN = `${SHOP}/actions/runs/9001`;
const schema = hasOcsfSchema ? ocsfSchema() : undefined;
const names = fixtureNames("github-audit");

type Expectation = readonly [what: string, typeUid: number, who: string, where: string, trace?: string];

const EXPECTED: Readonly<Record<string, Expectation>> = {
  "app-installed": ["access.grant Success", 600301, ANA, "github:acme"],
  "clone-by-deploy-key": ["other Success", 600302, "unknown", SHOP],
  "collaborator-removed": ["access.revoke Success", 300502, ANA, SHOP],
  "enterprise-server": ["access.grant Success", 300501, ANA, "github:acme"],
  "invented-next-year": ["other Success", 600399, ANA, SHOP],
  "job-approved": ["pipeline.approve Success", 600303, "github:bochen", `${SHOP}/environments/production`, RUN],
  "job-prepared": ["build.start Success", 600303, "service:github.com", `${SHOP}/environments/production`, RUN],
  "key-added": ["credential.create Success", 600301, ANA, SHOP],
  "log-exported": ["audit.read Success", 600302, ANA, "github:acme"],
  "member-added": ["access.grant Success", 300501, ANA, "github:acme"],
  "member-made-owner": ["access.grant Success", 300501, ANA, "github:acme"],
  "protection-deleted": ["source.protect Success", 600304, ANA, SHOP],
  "protection-overridden": ["pipeline.bypass Success", 600303, ANA, `${SHOP}@refs/heads/main`],
  "protection-rules-bypassed": ["pipeline.bypass Success", 600399, ANA, `${SHOP}/environments/production`, RUN],
  "pull-request-merged": ["source.merge Success", 600303, ANA, `${SHOP}/pull/12`, `${SHOP}/pull/12`],
  "push-by-token": ["source.push Success", 600303, ANA, SHOP],
  "push-protection-bypassed": ["pipeline.bypass Success", 600303, ANA, SHOP],
  "push-refused": ["source.push Failure", 600303, ANA, `${SHOP}@refs/heads/main`],
  "repository-made-public": ["source.admin Success", 600303, ANA, SHOP],
  "run-created": ["pipeline.start Success", 600301, ANA, SHOP, RUN],
  "run-failed": ["other Failure", 600303, "github:acme-release[bot]", SHOP, RUN],
  "runner-registered": ["runner.register Success", 600301, ANA, "github:acme"],
  "secret-created": ["secret.write Success", 600301, ANA, `${SHOP}/secrets/NPM_TOKEN`],
  "sign-in-failed": ["access.sign-in Failure", 300201, ANA, "github:enterprises/acme-inc"],
  "single-sign-on": ["access.sign-in Success", 300201, ANA, "github:acme"],
  "stream-deleted": ["audit.tamper Success", 600304, ANA, "github:enterprises/acme-inc"],
  "team-deleted": ["identity.remove Success", 300605, ANA, "github:acme/teams/release-managers"],
  "team-member-added": ["access.grant Success", 300501, ANA, "github:acme/teams/release-managers"],
  "team-repository-added": ["access.grant Success", 300601, ANA, "github:acme/teams/release-managers"],
  "token-granted": ["access.grant Success", 300501, "github:bochen", "github:acme"],
  "two-factor-disabled": ["access.mfa Success", 300111, ANA, "github:acme"],
};

test("every fixture has an expectation", () => {
  expect(names).toEqual(Object.keys(EXPECTED).sort());
});

test.each(Object.entries(EXPECTED))("%s", (name, expectation) => {
  const { event, action, trace } = normalised("github-audit", name);
  const where = event.resources?.at(-1)?.uid ?? "";
  const seen = [`${action} ${event.status}`, event.type_uid, event.actor?.user?.uid, where];
  expect([...seen, ...(trace === undefined ? [] : [trace])]).toEqual(expectation);
  expect(errorsOf(fixtureBody("github-audit", name))).toEqual([]);
});

test("whose access changed is named, with what they may do", () => {
  const of = (name: string) => normalised("github-audit", name).event;
  expect(of("member-made-owner")).toMatchObject({ user: { uid: "github:dee-contractor" }, privileges: ["admin"] });
  expect(of("team-member-added")).toMatchObject({ privileges: ["team:release-managers"] });
  expect(of("team-repository-added")).toMatchObject({ group: { name: "acme/release-managers" }, privileges: ["push"] });
});

test("whether a key may push is told, however GitHub writes it, and nothing where it says nothing that can be read", () => {
  const readOnlyOf = (body: string) => normalise(parseMessage(body)).event.unmapped?.["read_only"];
  expect(readOnlyOf(fixtureBody("github-audit", "key-added"))).toBe(false);
  expect([true, "true", "maybe", null, {}].map((read_only) => readOnlyOf(record({ read_only })))).toEqual([
    true,
    true,
    undefined,
    undefined,
    undefined,
  ]);
});

test("a review in the log may be its author's answer to a comment, and is no review of a delivery", () => {
  const body = record({
    action: "pull_request_review.submit",
    repo: "acme/shop",
    pull_request_url: "https://x/pull/12",
  });
  const { action, trace, event } = normalise(parseMessage(body));
  expect([action, trace, event.resources?.at(-1)?.uid]).toEqual(["source.review", undefined, `${SHOP}/pull/12`]);
});

test("a run is tied to its commit", () => {
  expect(normalised("github-audit", "run-created").links).toEqual(["commit:5f1c0d8a4be24a6f9c5f6b1de0a7c1f2a3b4c5d6"]);
});

describe("how the access was granted", () => {
  test("is the token, by its id and never by its hash, the person behind it, and where from", () => {
    const { granted, event } = normalised("github-audit", "push-by-token");
    expect(granted).toEqual({
      by: "token",
      credential: "github-token:123456789",
      subject: "ana@acme.example",
      sourceAddress: "203.0.113.7",
      userAgent: "git/2.51.0",
    });
    expect(event.unmapped).toMatchObject({ programmatic_access_type: "Fine-grained personal access token" });
    expect(event.src_endpoint).toEqual({ ip: "203.0.113.7" });
  });

  test.each(["[redacted:token]", "", null, {}, "12 34", -5])("an id %j of a token is none", (token_id) => {
    expect(normalise(parseMessage(record({ token_id }))).granted.credential).toBeUndefined();
  });

  test("is the same once secrets are redacted", async () => {
    const classify = () => ({ components: [], calendar: { isBusinessHours: true } }) as never;
    for (const name of names) {
      const { normalised: after, entry } = await prepareRecord(fixtureBody("github-audit", name), classify);
      const before = normalised("github-audit", name);
      expect([name, after.granted, after.event.resources]).toEqual([name, before.granted, before.event.resources]);
      expect(entry.eventKey.endsWith(`#${before.event.metadata.uid}`)).toBe(true);
    }
  });
});

describe("a record", () => {
  test("is GitHub's by its action, its time, and whom or what it names", () => {
    for (const [value, is] of [
      [{ action: "org.add_member", "@timestamp": 1, actor: "ana" }, true],
      [{ action: "repo.config.enable_collaborators_only", created_at: 1, _document_id: "x" }, true],
      [{ action: "git.clone", "@timestamp": 1, repo: "acme/shop" }, true],
      [{ action: "created", created_at: 1, actor: "ana" }, false],
      [{ action: "org.add_member", "@timestamp": "2026-11-23T10:00:00Z", actor: "ana" }, false],
      [{ action: "org.add_member", "@timestamp": 1 }, false],
      [{ action: "Org.Add", "@timestamp": 1, actor: "ana" }, false],
      [{ action: `org.${"add_".repeat(100)}`, "@timestamp": 1, actor: "ana" }, false],
      [{ action: ["org.add_member"], "@timestamp": 1, actor: "ana" }, false],
      [[], false],
      [null, false],
    ] as const) {
      expect([value, isGitHubAuditRecord(value)]).toEqual([value, is]);
    }
  });

  test("is seen by rules as GitHub wrote it", () => {
    const body = fixtureBody("github-audit", "member-added");
    expect(rawRecord(parseMessage(body))).toEqual({ product: "github", service: "audit", record: JSON.parse(body) });
  });

  test("has the id that GitHub gave it, and is one event however often it is delivered", () => {
    const message = parseMessage(fixtureBody("github-audit", "member-added"));
    const { event } = normalise(message);
    expect([eventId(message, event), lastingIdentity(message, event)]).toEqual([
      JSON.parse(message.raw)._document_id,
      undefined,
    ]);
  });

  test("without an id of its own is known by what it says, in whatever order", () => {
    for (const _document_id of [undefined, "...", "00000000000000000000", 7]) {
      const [one, same, other] = [
        record({ _document_id }),
        JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(record({ _document_id }))).reverse())),
        record({ _document_id, action: "org.remove_member" }),
      ].map((body) => normalise(parseMessage(body)).event.metadata.uid);
      expect(one).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(same).toBe(one);
      expect(other).not.toBe(one);
    }
  });

  test("is told in a sample, and on the line that an instance of one's own forwards", () => {
    const body = fixtureBody("github-audit", "enterprise-server");
    const line = `<190>May 22 12:05:54 git.acme.example github_audit: ${JSON.stringify(JSON.parse(body))}`;
    for (const sample of [JSON.parse(body), { event: JSON.parse(body) }, { data: { message: line } }]) {
      const { event } = normalise(parseMessage(recordedMessage(sample, 1)));
      expect([event.metadata.uid, event.user?.uid]).toEqual(["h8Yl3Ac0SlnO5uZx1Q01Bg", "github:dee-contractor"]);
    }
  });
});

describe("hostile records", () => {
  test("a time that is none is refused, and says so", () => {
    for (const time of [0, -1, 1e15]) {
      const refused = () => parseMessage(record({ "@timestamp": time }));
      expect(refused).toThrow(GatebookError);
      expect(refused).toThrow("the audit log's record cannot be read: time: ");
    }
  });

  test("an actor of any length fits the index", () => {
    const { event } = normalise(parseMessage(record({ actor: "é".repeat(5000), _document_id: "d".repeat(5000) })));
    expect(Buffer.byteLength(principalOf(event))).toBeLessThan(2048);
    expect(Buffer.byteLength(event.metadata.uid)).toBeLessThan(1024 - 30);
  });

  test("any JSON value in the place of any field gives a valid event or INPUT_INVALID", () => {
    const records = names.map((name) => JSON.parse(fixtureBody("github-audit", name)));
    const replaced = fc
      .constantFrom(...records)
      .chain((each) =>
        fc
          .tuple(fc.constantFrom(...Object.keys(each)), fc.jsonValue())
          .map(([key, value]) => JSON.stringify({ ...each, [key]: value })),
      );
    fc.assert(
      fc.property(replaced, (body) => {
        try {
          expect(errorsOf(body)).toEqual([]);
        } catch (error) {
          if (!(error instanceof GatebookError)) throw error;
          expect(error.code).toBe("INPUT_INVALID");
        }
      }),
      { numRuns: 500 },
    );
  });
});

function record(fields: object): string {
  return JSON.stringify({
    "@timestamp": 1_795_514_400_000,
    action: "org.add_member",
    actor: "ana",
    org: "acme",
    ...fields,
  });
}

function errorsOf(body: string): readonly string[] {
  const { event } = normalise(parseMessage(body));
  expect(principalOf(event)).toMatch(/^(unknown|github:.+|service:.+)$/s);
  return schema === undefined ? [] : validateOcsf(schema, JSON.parse(JSON.stringify(event)));
}
