/** What a company's own tool claims is recorded as its claim: with who sent it, and under no name of another system's. */
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseConfiguration } from "../../../lib/core/configuration/parse-configuration.ts";
import { classifier } from "../../../lib/core/record/classify.ts";
import { prepareRecord } from "../../../lib/core/record/prepare-record.ts";
import { parseMessage } from "../../../lib/core/sources/message.ts";
import { eventId, lastingIdentity, normalise } from "../../../lib/core/sources/normalise.ts";
import { recordedMessage } from "../../../lib/core/sources/recorded/recorded.ts";
import { validateOcsf } from "../../ocsf-validator.ts";
import { CALLER, type Change, COMMIT, EVENT, messageOf, normalised, RECEIVED_AT, ROLE } from "./cloudevent-message.ts";
import { hasOcsfSchema, ocsfSchema } from "./shared-samples.ts";

test("an event with all that may be told is an API activity of the tool's", () => {
  const data = {
    action: "deploy.start",
    principal: "ana",
    resource: "shop/production",
    resources: ["arn:aws:ecs:eu-west-1:111122223333:service/shop", "shop/production", 7, ""],
    status: "failure",
    trace: "deploy/42",
    commit: COMMIT,
  };
  expect(normalised(data)).toEqual({
    action: "deploy.start",
    granted: {
      by: "assumed-role",
      chain: [ROLE],
      credential: "ASIAIOSFODNN7EXAMPLE",
      sourceAddress: "203.0.113.7",
    },
    trace: "cloudevent:deploy%2F42",
    links: [`commit:${COMMIT}`],
    event: expect.objectContaining({
      class_uid: 6003,
      type_uid: 600301,
      time: Date.parse(EVENT.time),
      message: "example.acme.deploy of https://ci.acme.example/deploys",
      status: "Failure",
      metadata: expect.objectContaining({
        uid: "111122223333 https://ci.acme.example/deploys 4711",
        event_code: "example.acme.deploy",
        original_time: EVENT.time,
      }),
      actor: { user: { uid: "cloudevent:ana", name: "ana", type: "Claimed", type_id: 99 }, invoked_by: ROLE },
      src_endpoint: { ip: "203.0.113.7" },
      resources: [{ uid: "shop/production" }, { uid: "arn:aws:ecs:eu-west-1:111122223333:service/shop" }],
      unmapped: { received_at: "2026-11-22T19:00:00.000Z" },
    }),
  });
});

test("an event that tells nothing is of whoever sent it", () => {
  for (const data of [undefined, null, "text", 7, [], { action: 7, resources: "x", status: {}, commit: "main" }]) {
    const { event, action, ...rest } = normalised(data);
    expect(action).toBe("other");
    expect(event.actor).toEqual({
      user: { uid: ROLE, name: "run-7", type: "AssumedRole", type_id: 99, account: { uid: "111122223333" } },
      invoked_by: ROLE,
    });
    expect([event.resources, event.status, event.activity_name]).toEqual([undefined, undefined, EVENT.type]);
    expect(rest).toEqual({ granted: expect.objectContaining({ chain: [ROLE] }) });
  }
});

test.each([
  ["arn:aws:iam::111122223333:user/ci", "access-key"],
  [ROLE, "assumed-role"],
  ["arn:aws:sts::111122223333:federated-user/bo", "federation"],
  ["arn:aws:iam::111122223333:root", "root"],
])("%s is let in by %s, and in the chain", (arn, by) => {
  expect(normalised({ principal: "bo" }, { caller: { arn } })).toMatchObject({
    granted: { by, chain: [arn] },
    event: { actor: { invoked_by: arn } },
  });
});

describe("the time", () => {
  const timeWith = (time: unknown) => normalised({}, { event: { time } }).event.time;

  test("is the event's own, up to five minutes ahead of ours", () => {
    expect(timeWith("2001-01-01T00:00:00+02:00")).toBe(Date.parse("2000-12-31T22:00:00Z"));
    expect(timeWith("2026-11-22T19:05:00Z")).toBe(RECEIVED_AT + 300_000);
  });

  test.each(["2026-11-22T19:05:00.001Z", "9999-12-31T23:59:59Z", "today", 7, null, undefined])(
    "is that of arrival for %j",
    (time) => expect(timeWith(time)).toBe(RECEIVED_AT),
  );
});

describe("the identity", () => {
  const identities = (change: Change) => {
    const message = messageOf({}, change);
    const { event } = normalise(message);
    return { id: eventId(message, event), identity: lastingIdentity(message, event) };
  };

  test("is that of source and id within an account, whoever of it sends and whenever", () => {
    const first = identities({});
    const again = {
      event: { time: "2026-11-22T19:04:00Z", type: "another" },
      caller: { arn: "arn:aws:sts::111122223333:assumed-role/deployer/run-8" },
      receivedAt: RECEIVED_AT + 60_000,
    };
    expect(identities(again)).toEqual(first);
    expect(first.id).toMatch(/^111122223333 https:\/\/ci\.acme\.example\/deploys 4711:[0-9a-f]{16}$/);
    expect(first.identity).toMatch(/^cloudevent:[0-9a-f]{64}$/);
  });

  test.each<[string, Change]>([
    ["another id", { event: { id: "4712" } }],
    ["another source", { event: { source: "https://ci.acme.example/other" } }],
    ["another account", { caller: { account: "444455556666", arn: "arn:aws:iam::444455556666:user/ci" } }],
  ])("is another with %s", (_, change) => {
    expect(identities(change).identity).not.toBe(identities({}).identity);
  });

  test("stays within what an index holds, and stays apart", () => {
    const [one, other] = ["1", "2"].map((end) => identities({ event: { id: `${"x".repeat(5_000)}${end}` } }).id);
    expect(one?.length).toBeLessThanOrEqual(300);
    expect(one).not.toBe(other);
  });
});

test("secrets are taken out of the record and of its keys, which stay apart", async () => {
  const classify = classifier(parseConfiguration(readFileSync("gatebook.yml", "utf8"), "gatebook.yml"));
  const body = JSON.stringify({
    v: 1,
    kind: "cloudevent",
    receivedAt: RECEIVED_AT,
    caller: CALLER,
    event: { ...EVENT, source: "https://bot:hunter2hunter2@ci.acme.example/", data: { password: "hunter2hunter2" } },
  });
  const { normalised: record, entry } = await prepareRecord(body, classify);
  expect(JSON.stringify([record, entry])).not.toContain("hunter2");
  const { event, ...rest } = JSON.parse(body);
  const other = { ...rest, event: { ...event, source: event.source.replaceAll("hunter2", "hunter3") } };
  const second = await prepareRecord(JSON.stringify(other), classify);
  expect(second.entry.eventKey).not.toBe(entry.eventKey);
  expect(second.entry.identity).not.toBe(entry.identity);
});

test.each<[string, object, string]>([
  ["no caller", { caller: undefined }, "caller: "],
  ["a caller that is no principal", { caller: { ...CALLER, arn: "ana" } }, "caller.arn: is no ARN of a principal"],
  ["an event that is text", { event: "x" }, "event: is no object"],
  ["an event without an id", { event: { ...EVENT, id: undefined } }, "id: is missing"],
  ["a time of arrival of no year", { receivedAt: 1e16 }, "receivedAt: "],
])("a message with %s is refused", (_, fields, where) => {
  const message = { v: 1, kind: "cloudevent", receivedAt: 1, caller: CALLER, event: EVENT, ...fields };
  expect(() => parseMessage(JSON.stringify(message))).toThrow(where);
});

describe("a recording", () => {
  test("is read with who sent it", () => {
    const message = parseMessage(recordedMessage({ caller: CALLER, event: EVENT }, RECEIVED_AT));
    expect(message).toMatchObject({ kind: "cloudevent", caller: CALLER, event: { id: "4711" } });
  });

  test("without who sent it is none, and what it carries is not taken for its own", () => {
    const data = {
      eventVersion: "1.11",
      eventSource: "sts.amazonaws.com",
      eventName: "AssumeRole",
      eventTime: EVENT.time,
    };
    expect(() => recordedMessage({ ...EVENT, data }, RECEIVED_AT)).toThrow("a CloudEvent that nobody sent");
  });
});

test.skipIf(!hasOcsfSchema)("every form of it is valid OCSF", () => {
  const forms = [
    normalised(undefined),
    normalised({ action: "deploy.start", principal: "ana", resource: "x", status: "running", commit: COMMIT }),
    normalised({ action: "access.policy" }, { caller: { sourceAddress: undefined } }),
    normalised({}, { caller: { arn: "arn:aws:iam::111122223333:root" }, event: { subject: "s", time: undefined } }),
  ];
  const errors = forms.flatMap(({ event }) => validateOcsf(ocsfSchema(), JSON.parse(JSON.stringify(event))));
  expect(errors).toEqual([]);
});
