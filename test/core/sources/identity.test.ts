/** What an event is known by, in index and log, and what rules over raw records see of it. */
import { describe, expect, test } from "vitest";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { eventId, normalise, rawRecord } from "../../../lib/core/sources/normalise.ts";
import { fixtureBody } from "./fixtures.ts";
import { webhook } from "./shared-samples.ts";

const STATE = JSON.parse(fixtureBody("codepipeline", "approval-started"));
const CALL = JSON.parse(fixtureBody("cloudtrail", "start-pipeline"));

describe("the identity of an event", () => {
  test("is CloudTrail's eventID, by EventBridge and by log file alike", () => {
    const enveloped = fixtureBody("cloudtrail", "console-login-by-eventbridge");
    const raw = JSON.stringify(JSON.parse(enveloped).detail);
    expect(idOf(raw)).toBe(JSON.parse(raw).eventID);
    expect(idOf(enveloped)).toBe(idOf(raw));
  });

  test("tells apart two events of one EventBridge id, and not two deliveries of one event", () => {
    const [started, failed] = [STATE, { ...STATE, detail: { ...STATE.detail, state: "FAILED" } }].map((event) =>
      JSON.stringify(event),
    );
    expect(idOf(started)).toMatch(new RegExp(`^${STATE.id}:[0-9a-f]{16}$`));
    expect(idOf(failed)).not.toBe(idOf(started));
    expect(idOf(JSON.stringify({ detail: STATE.detail, ...STATE }))).toBe(idOf(started));
    expect(idOf(JSON.stringify({ ...STATE, "detail-type": "CodePipeline Stage Execution State Change" }))).not.toBe(
      idOf(started),
    );
  });

  test("is the hash of the message where the source gives none", () => {
    for (const value of [
      { ...STATE, id: null },
      { ...CALL, eventID: undefined },
    ]) {
      expect(idOf(JSON.stringify(value))).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(idOf(JSON.stringify(Object.fromEntries(Object.entries(value).reverse())))).toBe(
        idOf(JSON.stringify(value)),
      );
    }
  });

  test("is the delivery's id of a webhook, and Gatebook's own uid", () => {
    expect(idOf(webhook({ "x-github-delivery": "d-1" }, "{}"))).toBe("d-1");
    expect(idOf('{"v":1,"kind":"gatebook","uid":"r-1","time":1,"type":"t","principal":"gatebook","message":""}')).toBe(
      "r-1",
    );
  });
});

describe("the raw record for raw rules", () => {
  test.each([
    ["a raw CloudTrail record", fixtureBody("cloudtrail", "start-build"), { product: "aws", service: "cloudtrail" }],
    [
      "an enveloped one",
      fixtureBody("cloudtrail", "console-login-by-eventbridge"),
      { product: "aws", service: "cloudtrail" },
    ],
    ["a state change", JSON.stringify(STATE), { product: "aws", service: "codepipeline" }],
    [
      "a custom event",
      JSON.stringify({ ...STATE, source: "com.acme" }),
      { product: "eventbridge", service: "com.acme" },
    ],
    ["a webhook", fixtureBody("github", "push"), { product: "github", service: "webhook" }],
  ])("%s", (_, body, source) => {
    expect(rawRecord(parseMessage(body))).toMatchObject(source);
  });

  test("is what the source wrote, unknown fields included", () => {
    const body = JSON.stringify({ ...CALL, tlsDetails: { tlsVersion: "TLSv1.3" } });
    expect(rawRecord(parseMessage(body)).record).toEqual(JSON.parse(body));
    const { record } = rawRecord(parseMessage(webhook({ "x-github-event": "push" }, '{"ref":"a"}')));
    expect(record).toEqual({ ref: "a", "X-GitHub-Event": "push" });
  });

  test("the original text is kept byte for byte", () => {
    const body = '{"ref":"é\\u00e9",  "n":1.0}';
    expect(parseMessage(webhook({}, body)).raw).toBe(body);
    expect(parseMessage(fixtureBody("cloudtrail", "start-build")).raw).toBe(fixtureBody("cloudtrail", "start-build"));
  });
});

function idOf(body: string | undefined): string {
  const parsed = parseMessage(body ?? "");
  return eventId(parsed, normalise(parsed).event);
}
