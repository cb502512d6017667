/** CloudEvents reach the queue from a caller that IAM knows, whole and with that caller, or not at all. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type EventsRequest, MAX_EVENTS, receiveEvents } from "../../../lib/core/receive/receive-events.ts";
import { MAX_BODY_BYTES } from "../../../lib/core/receive/receive-webhook.ts";
import { parseMessage } from "../../../lib/core/sources/message.ts";

const RECEIVED_AT = Date.parse("2026-11-22T19:00:00Z");
const CALLER = { arn: "arn:aws:iam::111122223333:user/ci", account: "111122223333", sourceAddress: "203.0.113.7" };
const EVENT = {
  specversion: "1.0",
  id: "4711",
  source: "https://ci.acme.example/deploys",
  type: "example.acme.deploy",
  time: "2026-11-22T18:59:00Z",
  team: "shop",
  data: { action: "deploy.start", resource: "shop/production" },
};
const ONE = { "content-type": "application/cloudevents+json; charset=utf-8" };
const BATCH = { "content-type": "application/cloudevents-batch+json" };
const BINARY = {
  "content-type": "application/json; charset=UTF-8",
  "ce-specversion": "1.0",
  "ce-id": "4711",
  "ce-source": "https://ci.acme.example/deploys",
  "ce-type": "example.acme.deploy",
  "ce-time": "2026-11-22T18:59:00Z",
  "ce-team": "shop",
};

function send(headers: EventsRequest["headers"], body: unknown, caller: unknown = CALLER) {
  const bytes = body instanceof Uint8Array ? body : Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
  return receiveEvents({ headers, body: bytes, receivedAt: RECEIVED_AT, caller });
}

function accepted(headers: EventsRequest["headers"], body: unknown) {
  const reception = send(headers, body);
  if (reception.outcome === "refused") throw new Error(reception.detail);
  return reception.messages.map((message) => JSON.parse(message));
}

function refusal(headers: EventsRequest["headers"], body: unknown, caller?: unknown) {
  const reception = send(headers, body, caller);
  if (reception.outcome === "accepted") throw new Error("was accepted");
  return reception;
}

describe("an event", () => {
  test("becomes a message with its caller, every attribute and extension as it was", () => {
    expect(accepted(ONE, EVENT)).toEqual([
      { v: 1, kind: "cloudevent", receivedAt: RECEIVED_AT, caller: CALLER, event: EVENT },
    ]);
  });

  test("is the same in headers, however JSON is spelt in the content type", () => {
    for (const type of [
      "application/json",
      "application/json;charset=UTF-8",
      "application/vnd.acme+json",
      "text/json",
    ]) {
      const [message] = accepted({ ...BINARY, "content-type": type }, EVENT.data);
      expect(message.event).toEqual({ ...EVENT, datacontenttype: type });
    }
  });

  test("in headers may hold text, bytes, or nothing, and percent-encoded attributes", () => {
    const eventOf = (headers: object, body: string | Uint8Array) => accepted({ ...BINARY, ...headers }, body)[0].event;
    expect(eventOf({ "content-type": "text/plain" }, "héllo").data).toBe("héllo");
    expect(eventOf({ "content-type": "application/octet-stream" }, Buffer.from([255, 0, 1]))).toMatchObject({
      data_base64: "/wAB",
    });
    expect(eventOf({}, "")).not.toHaveProperty("data");
    expect(eventOf({ "ce-subject": "sh%C3%B6p%20%E2%82%AC" }, "{}").subject).toBe("shöp €");
    expect(eventOf({ "ce-subject": "100%" }, "{}").subject).toBe("100%");
  });

  test("without a time has none made up for it", () => {
    const { time: _, ...timeless } = EVENT;
    expect(accepted(ONE, timeless)[0].event).toEqual(timeless);
    const { "ce-time": __, ...headers } = BINARY;
    expect(accepted(headers, "{}")[0].event).not.toHaveProperty("time");
  });

  test("keeps characters that a queue does not take, as escapes", () => {
    const subject = "\ufffe \uffff \ud800 😀 é";
    const reception = send(ONE, { ...EVENT, subject });
    const [text = ""] = reception.outcome === "accepted" ? reception.messages : [];
    expect(text).not.toMatch(/[\ud800-\udfff\ufffe\uffff]/);
    expect(JSON.parse(text).event.subject).toBe(subject);
  });
});

describe("a batch", () => {
  test("becomes a message for each event, in order", () => {
    const events = Array.from({ length: MAX_EVENTS }, (_event, i) => ({ ...EVENT, id: String(i) }));
    expect(accepted(BATCH, events).map(({ event }) => event.id)).toEqual(events.map(({ id }) => id));
    expect(accepted(BATCH, [])).toEqual([]);
  });

  test("with one event that is none is refused whole, with its place", () => {
    const { detail, status } = refusal(BATCH, [EVENT, EVENT, { ...EVENT, id: "" }, EVENT]);
    expect([status, detail]).toEqual([
      400,
      "Event 2 of the batch (counted from 0): the CloudEvent cannot be read: id: is empty.",
    ]);
  });

  test("of more events than the limit is refused", () => {
    expect(refusal(BATCH, Array(MAX_EVENTS + 1).fill(EVENT))).toMatchObject({
      status: 413,
      detail: "The batch has 501 events; the limit is 500. Send them in several.",
    });
  });
});

describe("refused is", () => {
  const deep = `${'{"a":'.repeat(200)}1${"}".repeat(200)}`;
  test.each<[string, number, EventsRequest["headers"], unknown, string]>([
    ["JSON of another type", 415, { "content-type": "application/json" }, EVENT, "ce- headers"],
    ["a request without a type", 415, {}, EVENT, "ce- headers"],
    ["what only begins like the type", 415, { "content-type": "application/cloudevents+jsonp" }, EVENT, "ce- headers"],
    ["a body that is not JSON", 400, ONE, "id=1", "The body is not JSON"],
    ["no body", 400, ONE, "", "The body is not JSON: it ends too early"],
    ["a body that is not UTF-8", 400, ONE, Buffer.from([0xff, 0xfe]), "The body is not UTF-8"],
    ["one event as a batch", 400, BATCH, EVENT, "no list of events"],
    ["a batch as one event", 400, ONE, [EVENT], "expected object"],
    ["null in a batch", 400, BATCH, [null], "Event 0 of the batch"],
    ["deep nesting", 400, ONE, `{"data":${deep}}`, "nested more than 100 levels"],
    ["deep nesting in headers mode", 400, BINARY, deep, "nested more than 100 levels"],
    ["an endless nesting in headers mode", 400, BINARY, "[".repeat(300_000) + "]".repeat(300_000), "headers"],
    ["an event of version 0.3", 400, ONE, { ...EVENT, specversion: "0.3" }, "specversion: is not 1.0"],
    ["an event of no version", 400, ONE, { ...EVENT, specversion: undefined }, "specversion: is not 1.0"],
    ["a source that is no URI", 400, ONE, { ...EVENT, source: "a b" }, "source must match format"],
    ["a time that is none", 400, ONE, { ...EVENT, time: "yesterday" }, "time must match format"],
    ["a time that is none, in a header", 400, { ...BINARY, "ce-time": "yesterday" }, "{}", "time must match format"],
    ["no id in the headers", 400, { ...BINARY, "ce-id": "" }, "{}", "ce- headers"],
    ["data that is not JSON in headers mode", 400, BINARY, '{"password":"hunter2', "not what its content type says"],
    ["an attribute in capitals", 400, ONE, { ...EVENT, Team: "shop" }, "an attribute's name or value is not allowed"],
    ["an attribute called like the library's own", 400, ONE, { ...EVENT, validate: "x" }, "not allowed"],
    ["an attribute without an end", 400, ONE, { ...EVENT, source: "a".repeat(100_000) }, "has 100000 characters"],
    ["base64 that is none", 400, ONE, { ...EVENT, data_base64: "%%%" }, "not allowed"],
    ["a body over the limit", 413, ONE, Buffer.alloc(MAX_BODY_BYTES + 1, 32), "Send fewer events"],
    ["one that grows too large by escapes", 413, ONE, { ...EVENT, data: "😀".repeat(1_000_000) }, "Send less data"],
  ])("%s (%i)", (_, status, headers, body, detail) => {
    const reception = refusal(headers, body);
    expect(reception).toMatchObject({ status, detail: expect.stringContaining(detail) });
    expect(reception.detail).toMatch(/^[A-Z].*\.$/);
    expect(reception.detail).not.toContain("hunter2");
  });

  test.each<[string, unknown]>([
    ["nobody", undefined],
    ["a caller without an ARN", { account: "111122223333" }],
    ["a caller that is a service", { ...CALLER, arn: "arn:aws:lambda:eu-west-1:111122223333:function:x" }],
    ["a caller of no account", { ...CALLER, account: "acme" }],
  ])("%s (403), whatever is in the body", (_, caller) => {
    expect(receiveEvents({ headers: ONE, body: Buffer.from("{}"), receivedAt: 0, caller })).toMatchObject({
      outcome: "refused",
      status: 403,
    });
  });
});

test("a caller in the body stays where it is: who signed is who is recorded", () => {
  const [message] = accepted(ONE, { ...EVENT, caller: "arn:aws:iam::111122223333:root", kind: "webhook", v: "1" });
  expect(message).toMatchObject({ v: 1, kind: "cloudevent", caller: CALLER });
});

test("keys that reach a prototype are gone, wherever they stand", () => {
  const hostile = '{"__proto__":{"polluted":1},"constructor":{"a":1},"prototype":1,"action":"deploy.start"}';
  const body = `{"__proto__":{"id":"x"},${JSON.stringify({ ...EVENT, data: undefined }).slice(1, -1)},"data":${hostile}}`;
  expect(accepted(ONE, body)[0].event.data).toEqual({ action: "deploy.start" });
  expect(accepted(BINARY, hostile)[0].event.data).toEqual({ action: "deploy.start" });
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
});

test("whatever is accepted can be read by recording, and nothing ever throws", () => {
  const attribute = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null), fc.jsonValue());
  const event = fc.record(
    {
      specversion: fc.constant("1.0"),
      id: attribute,
      source: attribute,
      type: attribute,
      time: attribute,
      data: fc.jsonValue(),
    },
    { requiredKeys: ["specversion"] },
  );
  const valid = fc.jsonValue().map((data) => ({ ...EVENT, data }));
  fc.assert(
    fc.property(fc.array(fc.oneof(event, valid), { maxLength: 3 }), (events) => {
      const reception = send(BATCH, events);
      if (reception.outcome === "refused") expect(reception.status).toBe(400);
      else
        expect(reception.messages.map((message) => parseMessage(message).kind)).toEqual(events.map(() => "cloudevent"));
    }),
  );
});
