/** Recorded events in every form that people keep: told apart, read without a time if they have none, and refused only when they are nothing. */
import { readFileSync } from "node:fs";
import * as path from "node:path";
import { describe, expect, test } from "vitest";
import { prepareRecord } from "../../../lib/core/record/prepare-record.ts";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { eventId, lastingIdentity, normalise, rawRecord } from "../../../lib/core/sources/normalise.ts";
import { principalOf } from "../../../lib/core/sources/principal.ts";
import { readRecorded, recordedMessage } from "../../../lib/core/sources/recorded/recorded.ts";
import { validateOcsf } from "../../ocsf-validator.ts";
import { fixtureNames } from "./fixtures.ts";
import { hasOcsfSchema, ocsfSchema } from "./shared-samples.ts";

const EVENTS = path.resolve(import.meta.dirname, "../../events/recorded");
const RECEIVED_AT = Date.parse("2026-11-23T10:00:00Z");
const schema = hasOcsfSchema ? ocsfSchema() : undefined;

function fixture(name: string) {
  return JSON.parse(readFileSync(path.join(EVENTS, `${name}.json`), "utf8"));
}

function normalisedFixture(name: string) {
  return normalise(parseMessage(recordedMessage(fixture(name), RECEIVED_AT)));
}

test.each(fixtureNames("recorded"))("%s becomes a valid event", (name) => {
  const { event } = normalisedFixture(name);
  expect(principalOf(event)).not.toBe("unknown");
  if (schema !== undefined) expect(validateOcsf(schema, JSON.parse(JSON.stringify(event)))).toEqual([]);
});

test.each([
  ["okta-sign-in", "okta:ana@acme.example", "user.session.start", "other", "okta:shop", "2026-11-23T09:40:00.123Z"],
  [
    "onelogin-role-assumed",
    "onelogin:Bo Chen",
    "event-type-3",
    "other",
    "onelogin:Ana Lima",
    "2026-11-23T09:41:00.000Z",
  ],
  ["gitea-push", "gitea:analima", "push", "source.push", "gitea:acme/shop", "2026-11-23T10:00:00.000Z"],
  ["gitea-pull-request", "gitea:bochen", "pull_request.opened", "other", "gitea:acme/shop", "2026-11-23T10:00:00.000Z"],
  [
    "docker-hub-push",
    "docker-hub:acmebot",
    "push",
    "artifact.publish",
    "docker-hub:acme/shop",
    "2026-11-23T09:43:20.000Z",
  ],
  [
    "s3-object-created",
    "s3-notification:AWS:AROAEXAMPLEACMEDEPLOY:ana",
    "ObjectCreated:Put",
    "other",
    "arn:aws:s3:::acme-artifacts/shop/1.4.2.zip",
    "2026-11-23T09:42:00.500Z",
  ],
  [
    "codecommit-trigger",
    "arn:aws:iam::111122223333:user/ana",
    "ReferenceChanges",
    "source.push",
    "arn:aws:codecommit:eu-west-1:111122223333:shop",
    "2026-11-23T09:43:00.120Z",
  ],
])("%s tells who, what, where and when", (name, who, operation, action, resource, time) => {
  const { event, ...rest } = normalisedFixture(name);
  expect({
    who: principalOf(event),
    operation: event.metadata.event_code,
    action: rest.action,
    resource: event.resources?.[0]?.uid,
    time: new Date(event.time).toISOString(),
  }).toEqual({ who, operation, action, resource, time });
});

test("a system without a source is told in its own words, as a Base Event that claims nothing of how access was granted", () => {
  const { event, granted } = normalisedFixture("okta-sign-in");
  expect(event).toMatchObject({ class_uid: 0, activity_id: 99, activity_name: "user.session.start" });
  expect(event.metadata).toMatchObject({ product: { name: "Okta" }, uid: "4b1c8f9e-7d0a-11ef-9c3f-0a58a9feac02" });
  expect(granted).toEqual({ by: "unknown", sourceAddress: "203.0.113.10" });
  const raw = rawRecord(parseMessage(recordedMessage(fixture("okta-sign-in"), RECEIVED_AT)));
  expect(raw).toEqual({ product: "okta", service: "okta", record: fixture("okta-sign-in") });
});

describe("a recording whose time cannot be read", () => {
  const UNTIMED = ["cloudtrail-without-a-time", "state-change-without-a-time"];

  test.each(UNTIMED)("is recorded at the time of its reading, and says so: %s", (name) => {
    const { event } = normalisedFixture(name);
    expect(event.time).toBe(RECEIVED_AT);
    expect(event.unmapped?.["time"]).toMatch(/^cannot be read; .* stands in$/);
    expect(event.metadata).not.toHaveProperty("original_time");
  });

  test.each(UNTIMED)("keeps its who and what, its words, and its identity when it is read again: %s", async (name) => {
    const body = recordedMessage(fixture(name), RECEIVED_AT);
    const classify = () => ({ components: [], calendar: { isBusinessHours: true } }) as never;
    const { normalised, entry } = await prepareRecord(body, classify);
    expect(JSON.parse(normalised.event.raw_data ?? "")).toEqual(parseMessage(body).original);
    expect(entry).toMatchObject({
      principal: principalOf(normalisedFixture(name).event),
      identity: expect.any(String),
    });
    const [first, again] = [RECEIVED_AT, RECEIVED_AT + 60_000].map((receivedAt) => {
      const message = parseMessage(recordedMessage(fixture(name), receivedAt));
      return lastingIdentity(message, normalise(message).event);
    });
    expect(again).toBe(first);
  });

  test("is told apart from another whose id is hidden too", () => {
    const [record] = fixture("cloudtrail-without-a-time").data.Records;
    const event = fixture("state-change-without-a-time");
    const [a, b, c, d] = [
      { ...record, eventID: "..." },
      { ...record, eventID: "...", requestParameters: { name: "another" } },
      { ...event, id: "..." },
      { ...event, id: "...", detail: { ...event.detail, "build-status": "FAILED" } },
    ].map((recording) => {
      const message = parseMessage(recordedMessage(recording, RECEIVED_AT));
      return eventId(message, normalise(message).event);
    });
    expect(new Set([a, b, c, d]).size).toBe(4);
  });

  test("takes the time of its record, of its envelope or of the collector where one of them can be read", () => {
    const [record] = fixture("cloudtrail-without-a-time").data.Records;
    const told = "2026-11-23T09:00:00Z";
    const envelope = { "detail-type": "AWS API Call via CloudTrail", source: "aws.cloudtrail" };
    for (const recording of [
      { ...record, "@timestamp": told },
      { ...envelope, time: "...", detail: { ...record, eventTime: told } },
      { ...envelope, time: told, detail: record },
    ]) {
      const { event } = normalise(parseMessage(recordedMessage(recording, RECEIVED_AT)));
      expect([event.time, event.unmapped?.["time"]]).toEqual([Date.parse(told), undefined]);
    }
  });

  test("is still refused where it arrives as an event, since only AWS's own time counts there", () => {
    const [record] = fixture("cloudtrail-without-a-time").data.Records;
    for (const body of [record, fixture("state-change-without-a-time")]) {
      expect(() => parseMessage(JSON.stringify(body))).toThrow(/[tT]ime: is not a time like/);
    }
  });
});

describe("what is no event is named as what it is", () => {
  test.each([
    ["an SNS notification", { EventSource: "aws:sns", Sns: { Message: "Hello" } }],
    ["an SQS message", { eventSource: "aws:sqs", messageId: "1", body: "{ not JSON" }],
    ["a CloudWatch alarm", { EventSource: "aws:sns", Sns: { Message: '{"AlarmName":"a","NewStateValue":"OK"}' } }],
    ["a batch of CloudWatch log lines", { awslogs: { data: "H4sI" } }],
    ["a job of CodePipeline for a function", { "CodePipeline.job": { id: "1" } }],
    ["an invocation of a Config rule", { invokingEvent: "{}", configRuleName: "periodic" }],
    ["a step of a rotation function", { Step: "createSecret", SecretId: "s", ClientRequestToken: "t" }],
    ["a schema of OCSF", { classes: {}, objects: {} }],
  ])("%s", (what, value) => {
    expect(readRecorded(value, { receivedAt: RECEIVED_AT })).toEqual([{ outcome: "no-event", what }]);
  });
});

test("a sample that holds several records gives each of them", () => {
  const [record] = fixture("cloudtrail-without-a-time").data.Records;
  const Records = ["2026-11-23T09:00:00Z", "..."].map((eventTime) => ({ ...record, eventTime }));
  const recorded = readRecorded({ data: { Records } }, { receivedAt: RECEIVED_AT });
  expect(recorded.map((each) => each.outcome === "event" && each.family)).toEqual(["cloudtrail", "cloudtrail"]);
  expect(() => recordedMessage({ data: { Records } }, RECEIVED_AT)).toThrow(/is many events/);
});

test("a webhook that kept some of its headers keeps what they say", () => {
  const body = fixture("gitea-push");
  const given = { headers: { "X-GitHub-Event": "ping" }, body: fixture("github-push-body-alone") };
  expect(parseMessage(recordedMessage(given, RECEIVED_AT))).toMatchObject({ headers: { "x-github-event": "ping" } });
  const none = { headers: { "Content-Type": "application/json" }, body: JSON.stringify(given.body) };
  expect(parseMessage(recordedMessage(none, RECEIVED_AT))).toMatchObject({ headers: { "x-github-event": "push" } });
  expect(parseMessage(recordedMessage({ ...none, body, source: "gitlab" }, RECEIVED_AT))).toMatchObject({
    source: "gitlab",
    headers: { "content-type": "application/json" },
  });
});

test("a bare Standard Webhook is known, unless it holds an event that says more of itself", () => {
  const body = { type: "rollout.started", timestamp: "2026-11-23T09:40:00Z", data: { action: "deploy.start" } };
  expect(parseMessage(recordedMessage(body, RECEIVED_AT))).toMatchObject({ kind: "webhook", source: "standard" });
  const [record] = fixture("codecommit-trigger").Records;
  expect(parseMessage(recordedMessage({ ...body, data: record }, RECEIVED_AT))).toMatchObject({ kind: "recorded" });
});

test("a CloudEvent counts with who sent it alone, and what it carries is never believed to be another's event", () => {
  const [carried] = fixture("codecommit-trigger").Records;
  const event = { specversion: "1.0", id: "1", source: "/acme/tool", type: "deploy", data: carried };
  expect(() => recordedMessage(event, RECEIVED_AT)).toThrow(/is a CloudEvent that nobody sent/);
  expect(() => recordedMessage({ data: event }, RECEIVED_AT)).toThrow(/is a CloudEvent that nobody sent/);
  const caller = { arn: "arn:aws:iam::111122223333:user/ana", account: "111122223333" };
  expect(parseMessage(recordedMessage({ caller, event }, RECEIVED_AT))).toMatchObject({ kind: "cloudevent" });
});

test("a line of syslog that a collector kept is read for the record behind the program's name", () => {
  const record = { action: "org.add_member", actor: "analima", user: "bochen", org: "acme", created_at: RECEIVED_AT };
  const message = `<190>Nov 23 10:00:00 ghe github_audit: ${JSON.stringify(record)}`;
  const collected = { "@timestamp": "...", host: "192.0.2.1", message, program: "github_audit" };
  expect(parseMessage(recordedMessage({ data: collected }, 0))).toMatchObject({ kind: "github-audit" });
  for (const other of [`x ${message}`, message.slice(0, -1), "<190>Nov 23 10:00:00 ghe sshd: { not JSON"]) {
    expect(() => recordedMessage({ message: other }, 0)).toThrow(/is no event that Gatebook can tell/);
  }
});

test("a secret in a recording never enters the evidence, and what redaction leaves tells the same who, what and when", async () => {
  const classify = () => ({ components: [], calendar: { isBusinessHours: true } }) as never;
  for (const name of ["cloudtrail-without-a-time", "state-change-without-a-time", "okta-sign-in", "gitea-push"]) {
    const recording = fixture(name);
    const record = recording.data?.Records[0] ?? recording;
    record.detail = { ...record.detail, password: "hunter2-hunter2-hunter2" };
    const { normalised, entry } = await prepareRecord(recordedMessage(recording, RECEIVED_AT), classify);
    expect(JSON.stringify(normalised)).not.toContain("hunter2");
    expect(normalised.event.raw_data).toContain("[redacted:");
    const { event, action } = normalisedFixture(name);
    expect([entry.principal, entry.action, normalised.event.time]).toEqual([principalOf(event), action, event.time]);
  }
});
