/** One finding is one mail, and a mail that could not be sent is not forgotten. */
import { describe, expect, test } from "vitest";
import { memoryNoticeStore } from "../../../lib/adapters/memory-notice-store.ts";
import { parseFinding } from "../../../lib/core/alerting/finding-message.ts";
import { type Notifier, notify } from "../../../lib/core/alerting/notify.ts";
import { Configuration } from "../../../lib/core/configuration/configuration.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";

const FINDING: Finding = {
  uid: "a".repeat(64),
  rule: { id: "rule", title: "Something" },
  level: "high",
  time: 0,
  principal: "arn:aws:iam::111122223333:user/ana",
  action: "other",
  operation: "Operation",
  event: "event",
  granted: { by: "unknown" },
  why: "Wrong.",
  next: [],
};
const configuration = Configuration.parse({
  organisation: "acme",
  alerts: { email: ["a@acme.example"], minimumLevel: "medium" },
});
const MINUTES_MS = 60_000;

/** A notifier in memory; `outcomes` says of each publish in turn whether the topic takes it. */
function startWorld(...outcomes: boolean[]) {
  const mails: string[] = [];
  const clock = { now: 1_000 };
  const notifier: Notifier = {
    configuration,
    notices: memoryNoticeStore(),
    now: () => clock.now,
    topic: {
      async publish({ subject }) {
        if (outcomes.shift() === false) throw new Error("the topic is away");
        mails.push(subject);
        return `message-${mails.length}`;
      },
    },
  };
  return { notifier, mails, clock };
}

describe("a finding", () => {
  test("that is published twice is mailed once", async () => {
    const { notifier, mails } = startWorld();
    expect(await notify(FINDING, notifier)).toEqual({ outcome: "mailed", message: "message-1" });
    expect(await notify(FINDING, notifier)).toEqual({ outcome: "already-mailed" });
    expect(mails).toHaveLength(1);
  });

  test("that could not be published fails, and is mailed when it comes again", async () => {
    const { notifier, mails } = startWorld(false);
    await expect(notify(FINDING, notifier)).rejects.toThrow("the topic is away");
    expect(await notify(FINDING, notifier)).toMatchObject({ outcome: "mailed" });
    expect(mails).toHaveLength(1);
  });

  test("that another worker is mailing fails, so that its queue keeps it", async () => {
    const { notifier, mails, clock } = startWorld();
    await notifier.notices.claim(FINDING.uid, clock.now, clock.now + MINUTES_MS);
    await expect(notify(FINDING, notifier)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    expect(mails).toEqual([]);
  });

  test("whose worker died while mailing is mailed once its claim ends", async () => {
    const { notifier, mails, clock } = startWorld();
    await notifier.notices.claim(FINDING.uid, clock.now, clock.now + MINUTES_MS);
    clock.now += MINUTES_MS + 1;
    expect(await notify(FINDING, notifier)).toMatchObject({ outcome: "mailed" });
    expect(mails).toHaveLength(1);
  });

  test.each(["informational", "low"] as const)("of level %s is below medium and not mailed", async (level) => {
    const { notifier, mails } = startWorld();
    expect(await notify({ ...FINDING, level }, notifier)).toEqual({ outcome: "below-level" });
    expect(mails).toEqual([]);
  });
});

describe("a message on the findings queue", () => {
  test("is the finding that was sent", () => expect(parseFinding(JSON.stringify(FINDING))).toEqual(FINDING));

  test.each(["", "null", "{}", "[1]", '{"uid":1}', JSON.stringify({ ...FINDING, level: "urgent" })])(
    "is refused when it is none: %s",
    (body) => expect(() => parseFinding(body)).toThrow(/is not a finding/),
  );
});
