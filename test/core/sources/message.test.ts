/** The intake's messages, well-formed and hostile: a record or INPUT_INVALID, and nothing else. */
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { type Message, parseMessage } from "../../../lib/core/sources/message.ts";
import { eventId, normalise, rawRecord } from "../../../lib/core/sources/normalise.ts";
import { principalOf } from "../../../lib/core/sources/principal.ts";
import { validateOcsf } from "../../ocsf-validator.ts";
import { fixtureBody } from "./fixtures.ts";
import { hasOcsfSchema, ocsfSchema, webhook } from "./shared-samples.ts";

const KEYS_OF_PROTOTYPES = ["__proto__", "constructor", "prototype"];
const schema = hasOcsfSchema ? ocsfSchema() : undefined;

const STATE = JSON.parse(fixtureBody("codepipeline", "approval-started"));
const CALL = JSON.parse(fixtureBody("cloudtrail", "start-pipeline"));

describe("what is refused says what is wrong", () => {
  test.each([
    ["text", "hello", "the message is not JSON"],
    ["a slip in the middle", '{"a":1,,}', "the message is not JSON at position 7 (line 1 column 8)"],
    ["half a message", '{"id":', "the message is not JSON: it ends too early"],
    ["an array", "[]", "the message is JSON, and no object"],
    ["null", "null", "the message is JSON, and no object"],
    ["nothing of ours", "{}", "the message is neither an EventBridge event"],
    ["an S3 notification", '{"eventSource":"aws:s3","eventName":"ObjectCreated:Put"}', "the message is neither"],
    ["another kind", '{"v":1,"kind":"fax"}', "kind: is neither webhook, cloudevent nor gatebook"],
    ["a webhook without a body", '{"v":1,"kind":"webhook","source":"github","receivedAt":1,"headers":{}}', "body: "],
    ["a body that is no base64", message({ body: "*" }), "body: Invalid base64"],
    ["a body that is no JSON", message({ body: base64("{") }), "the webhook's body is not JSON at position 1"],
    ["a body that is no object", message({ body: base64("[]") }), "the webhook's body is JSON, and no object"],
    ["a body that is no UTF-8", message({ body: Buffer.from([0x22, 0xff, 0x22]).toString("base64") }), "is not UTF-8"],
    ["a webhook from the future", message({ receivedAt: 1e15 }), "receivedAt: "],
    ["an event without a time", JSON.stringify({ ...STATE, time: undefined }), "time: is not a time like"],
    ["an event of no day", JSON.stringify({ ...STATE, time: "2026-02-30T10:00:00Z" }), "time: is not a time like"],
    ["a call of no time", JSON.stringify({ ...CALL, eventTime: "yesterday" }), "eventTime: is not a time like"],
  ])("%s", (_, body, why) => {
    expect(refusal(body)).toContain(why);
  });

  test("a message never quotes what it refuses", () => {
    for (const body of ['{"password":"hunter2"', "hunter2", '{"v":1,"kind":"hunter2"}', message({ body: "hunter2" })]) {
      expect(refusal(body)).not.toContain("hunter2");
    }
  });
});

describe("hostile input", () => {
  const DEEP = 100_000;

  test.each([
    ["arrays", "[".repeat(DEEP) + "]".repeat(DEEP)],
    ["objects", `${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`],
    [
      "inside of an event",
      JSON.stringify(STATE).replace('"detail":{', `"detail":{"deep":${"[".repeat(DEEP)}${"]".repeat(DEEP)},`),
    ],
    ["inside of a webhook", webhook({}, `{"a":${"[".repeat(DEEP)}${"]".repeat(DEEP)}}`)],
  ])("100,000 levels of %s are refused", (_, body) => {
    expect(refusal(body)).toContain("is nested more than 100 levels deep");
  });

  test("a megabyte of brackets and quotes is refused as any other text", () => {
    expect(refusal('"['.repeat(500_000))).toContain("is not JSON");
  });

  test("a megabyte of base64 is read", () => {
    const body = JSON.stringify({ sender: { login: "ana" }, text: "x".repeat(1_000_000) });
    expect(normalise(parseMessage(webhook({ "x-github-event": "push" }, body))).action).toBe("source.push");
  });

  test.each(KEYS_OF_PROTOTYPES)("the key %s never gets through", (key) => {
    const planted = `{"${key}":{"admin":true},`;
    const bodies = [STATE, CALL].map((value) => JSON.stringify(value).replaceAll("{", planted).replaceAll(",}", "}"));
    for (const body of [
      ...bodies,
      webhook({ "x-github-event": "push" }, `{"sender":{"${key}":1,"login":"a"},"${key}":1}`),
    ]) {
      const parsed = parseMessage(body);
      const { event } = normalise(parsed);
      expect(keysOf([event, rawRecord(parsed).record])).not.toContain(key);
    }
    expect(Object.hasOwn(Object.prototype, "admin")).toBe(false);
  });

  test("a principal and an id of any length fit the index's keys", () => {
    const arn = `arn:aws:sts::111122223333:assumed-role/x/${"é".repeat(5000)}`;
    const body = JSON.stringify({ ...CALL, eventID: "i".repeat(5000), userIdentity: { type: "AssumedRole", arn } });
    const { event } = normalise(parseMessage(body));
    expect(Buffer.byteLength(principalOf(event))).toBeLessThan(2048);
    expect(Buffer.byteLength(event.metadata.uid)).toBeLessThan(1024 - 30);
  });
});

describe("any JSON value", () => {
  test("gives a valid record or INPUT_INVALID", async () => {
    await fc.assert(fc.property(fc.json(), (body) => isRecordOrRefused(body)));
  });

  test("in the place of any field of a real message gives a valid record or INPUT_INVALID", async () => {
    const bodies = [
      fixtureBody("codepipeline", "approval-started"),
      fixtureBody("cloudtrail", "assume-role-with-web-identity"),
      fixtureBody("cloudtrail", "assumed-role-chain"),
      fixtureBody("cloudtrail", "console-login-by-eventbridge"),
    ].map((body) => JSON.parse(body));
    const pull = JSON.parse(
      Buffer.from(JSON.parse(fixtureBody("github", "pull-request-merged")).body, "base64").toString(),
    );
    const paths = [...bodies, pull].map((body) => [body, pathsOf(body)] as const);
    const replaced = fc
      .constantFrom(...paths)
      .chain(([body, each]) =>
        fc
          .tuple(fc.constantFrom(...each), fc.jsonValue())
          .map(([path, value]) => JSON.stringify(replace(body, path, value))),
      );
    await fc.assert(
      fc.property(replaced, fc.boolean(), (body, isWebhook) =>
        isRecordOrRefused(isWebhook ? webhook({ "x-github-event": "pull_request" }, body) : body),
      ),
      { numRuns: 1000 },
    );
  });
});

function isRecordOrRefused(body: string): boolean {
  let parsed: Message;
  try {
    parsed = parseMessage(body);
  } catch (error) {
    return error instanceof GatebookError && error.code === "INPUT_INVALID";
  }
  const { event } = normalise(parsed);
  const isNamed = principalOf(event) !== "" && eventId(parsed, event) !== "" && Number.isSafeInteger(event.time);
  const errors = schema === undefined ? [] : validateOcsf(schema, JSON.parse(JSON.stringify(event)));
  if (errors.length > 0) throw new Error(errors.join("\n"));
  return isNamed && KEYS_OF_PROTOTYPES.every((key) => !keysOf(event).includes(key));
}

function refusal(body: string): string {
  try {
    parseMessage(body);
  } catch (error) {
    if (error instanceof GatebookError && error.code === "INPUT_INVALID") return error.message;
    throw error;
  }
  throw new Error("it was read");
}

function keysOf(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.getOwnPropertyNames(value).concat(Object.values(value).flatMap(keysOf));
}

type Path = readonly string[];

function pathsOf(value: unknown): readonly Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [[key], ...pathsOf(child).map((path) => [key, ...path])]);
}

function replace(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined || typeof value !== "object" || value === null) return by;
  const entries = Object.entries(value).map(([name, child]) => [name, name === key ? replace(child, rest, by) : child]);
  return Object.fromEntries(entries);
}

function message(fields: object): string {
  return JSON.stringify({
    v: 1,
    kind: "webhook",
    source: "github",
    receivedAt: 1,
    headers: {},
    body: base64("{}"),
    ...fields,
  });
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
