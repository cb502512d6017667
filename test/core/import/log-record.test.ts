/** What a log file may bring into the intake queue, and what may not come that way. */
import { describe, expect, test } from "vitest";
import { readLogRecord } from "../../../lib/core/import/log-record.ts";
import { fixtureBody, fixtureNames } from "../sources/fixtures.ts";
import { webhook } from "../sources/shared-samples.ts";

test.each(fixtureNames("cloudtrail").filter((name) => !name.includes("eventbridge")))(
  "the CloudTrail record %s passes as it is written",
  (name) => {
    const text = fixtureBody("cloudtrail", name);
    expect(readLogRecord(text)).toEqual({ message: text });
  },
);

test.each(fixtureNames("github-audit"))("GitHub's audit record %s passes as it is written", (name) => {
  const text = fixtureBody("github-audit", name);
  expect(readLogRecord(text)).toEqual({ message: text });
});

test("an insight passes", () => {
  const insight = { eventType: "AwsCloudTrailInsight", eventTime: "2026-11-22T10:00:00Z", insightDetails: {} };
  expect(readLogRecord(JSON.stringify(insight)).message).toBe(JSON.stringify(insight));
});

describe("refused is", () => {
  const pointer = '{"v":1,"kind":"stored","key":"messages/x","bytes":1,"sha256":"x"';
  test.each([
    ["a webhook, whose signature nobody checked", webhook({ "x-github-event": "push" }, "{}"), /kind webhook/],
    [
      "an event of Gatebook's own",
      '{"v":1,"kind":"gatebook","uid":"1","time":1795513200000,"type":"review.completed","principal":"gatebook:review","message":""}',
      /of kind gatebook/,
    ],
    ["an event of EventBridge's", fixtureBody("ecr", "image-pushed"), /of kind eventbridge/],
    [
      "a recording with a CloudTrail record in it",
      `{"v":1,"kind":"recorded","receivedAt":1,"event":${fixtureBody("cloudtrail", "create-access-key")}}`,
      /of kind cloudtrail or wrapped/,
    ],
    [
      "a CloudEvent",
      '{"v":1,"kind":"cloudevent","receivedAt":1,"caller":{"arn":"arn:aws:iam::111122223333:role/x","account":"111122223333"},"event":{"specversion":"1.0","id":"1","source":"s","type":"t"}}',
      /of kind cloudevent/,
    ],
    ["a pointer to a stored message", `${pointer}}`, /pointer/],
    ["a record that begins as a pointer", `${pointer},"v":2,"eventSource":"a","eventName":"b"}`, /pointer/],
    ["a record without a time", '{"eventSource":"iam.amazonaws.com","eventName":"CreateUser"}', /eventTime/],
    ["a digest", '{"awsAccountId":"111122223333","digestStartTime":"2026-11-22T10:00:00Z"}', /neither/],
    ["what is no JSON within its braces", '{"a" 1}', /is not JSON/],
    ["a list", "[]", /no object/],
    ["a record nested too deep", `{"a":${"[".repeat(101)}${"]".repeat(101)}}`, /nested more than 100/],
  ])("%s", (_, text, message) => {
    expect(() => readLogRecord(text)).toThrow(
      expect.objectContaining({ code: "INPUT_INVALID", message: expect.stringMatching(message) }),
    );
  });
});

test("characters that SQS refuses travel as their escapes, which mean the same", () => {
  const record = {
    eventSource: "a.b",
    eventName: "C",
    eventTime: "2026-11-22T10:00:00Z",
    userAgent: "x\ufffe\uffff🔑é",
  };
  const { message } = readLogRecord(JSON.stringify(record));
  expect(message).not.toMatch(/[\ud800-\udfff\ufffe\uffff]/);
  expect(JSON.parse(message)).toEqual(record);
});

test("of a call on data it says which role made it", () => {
  const record = JSON.parse(fixtureBody("cloudtrail", "assumed-role-chain"));
  const arn = record.userIdentity.sessionContext.sessionIssuer.arn;
  const { dataCaller } = readLogRecord(JSON.stringify({ ...record, eventCategory: "Data" }));
  expect(dataCaller).toBe(arn);
  expect(readLogRecord(JSON.stringify({ ...record, eventCategory: "Management" })).dataCaller).toBeUndefined();
});
