/** One finding is one mail, repeats are counted, storms are told in one, and nobody is told of what they did not ask for. */
import { describe, expect, test } from "vitest";
import { parseFinding } from "../../../lib/core/alerting/finding-message.ts";
import { flush } from "../../../lib/core/alerting/flush.ts";
import { notify } from "../../../lib/core/alerting/notify.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { MINUTE_MS, startWorld } from "./alert-world.ts";
import { FINDING, findingWith } from "./findings.ts";

/** The same rule, principal and resource as FINDING, by another event. */
const repeat = (n: number) => findingWith({ uid: `repeat-${n}`, event: `event-${n}`, time: FINDING.time + n * 1_000 });
/** Another one each, of ten rules. */
const { person: _, ...NOBODY } = FINDING;
const other = (n: number): Finding => ({
  ...NOBODY,
  uid: `other-${n}`,
  event: `event-${n}`,
  rule: { id: `rule-${n % 10}`, title: `Rule ${n % 10}` },
  principal: `arn:aws:iam::111122223333:user/user-${n}`,
});

describe("a finding", () => {
  test("that is published twice is mailed once, and on the bus", async () => {
    const { notifier, mails, bus } = startWorld();
    expect(await notify(FINDING, notifier)).toEqual({ outcome: "mailed", message: "message-1" });
    expect(await notify(FINDING, notifier)).toEqual({ outcome: "already-mailed" });
    expect([mails.length, bus]).toEqual([1, [FINDING]]);
  });

  test("that could not be mailed fails, and is mailed when it comes again", async () => {
    const { notifier, mails } = startWorld({ fault: { call: 4, kind: "fails" } });
    await expect(notify(FINDING, notifier)).rejects.toThrow("topic is away");
    expect(await notify(FINDING, notifier)).toMatchObject({ outcome: "mailed" });
    expect(mails).toHaveLength(1);
  });

  test("that the bus did not take fails, and is put there without another mail when it comes again", async () => {
    const { notifier, mails, bus } = startWorld({ fault: { call: 6, kind: "fails" } });
    await expect(notify(FINDING, notifier)).rejects.toThrow("bus is away");
    expect(mails).toHaveLength(1);
    expect(await notify(FINDING, notifier)).toEqual({ outcome: "already-mailed" });
    expect([mails.length, bus]).toEqual([1, [FINDING]]);
  });

  test("that another worker is mailing fails, so that its queue keeps it", async () => {
    const { notifier, mails, clock } = startWorld();
    await notifier.notices.claim(FINDING.uid, clock.now, clock.now + MINUTE_MS);
    await expect(notify(FINDING, notifier)).rejects.toMatchObject({ code: "UNAVAILABLE" });
    clock.now += MINUTE_MS + 1;
    expect(await notify(FINDING, notifier)).toMatchObject({ outcome: "mailed" });
    expect(mails).toHaveLength(1);
  });

  test.each(["informational", "low"] as const)("of level %s is below medium and told to nobody", async (level) => {
    const { notifier, mails, bus } = startWorld();
    expect(await notify({ ...FINDING, level }, notifier)).toEqual({ outcome: "below-level" });
    expect([mails, bus]).toEqual([[], []]);
  });

  test("of a staged rule is counted and told to nobody", async () => {
    const { notifier, mails, bus } = startWorld();
    expect(await notify({ ...FINDING, level: "critical", staged: true }, notifier)).toEqual({ outcome: "staged" });
    expect([mails, bus]).toEqual([[], []]);
  });
});

describe("a suppression", () => {
  const suppression = {
    rule: FINDING.rule.id,
    principal: "arn:aws:iam::*:user/ana",
    resource: "arn:aws:codepipeline:*:shop-*",
    owner: "bo@acme.example",
    reason: "Ana stands in for the release manager.",
    until: "2026-07-01",
  };
  const alerts = { suppressions: [suppression] };

  test("holds the mail back through its last day, and says whose it is", async () => {
    const { notifier, mails, clock } = startWorld({ alerts });
    // In London, where it is an hour later than in UTC.
    clock.now = Date.parse("2026-07-01T22:59:59Z");
    expect(await notify(FINDING, notifier)).toEqual({ outcome: "suppressed", suppression });
    expect(mails).toEqual([]);
  });

  test("that has expired lets the mail through, which says so", async () => {
    const { notifier, mails, clock } = startWorld({ alerts });
    clock.now = Date.parse("2026-07-01T23:00:00Z");
    expect(await notify(FINDING, notifier)).toMatchObject({ outcome: "mailed" });
    expect(mails[0]?.body).toContain(
      "\nNote:  the suppression of this by bo@acme.example expired on 2026-07-01 (Ana stands in for the release manager.)\n",
    );
  });
});

describe("the same rule, principal and resource again", () => {
  test("waits, and one mail at the end of the time says how often", async () => {
    const { notifier, mails, bus, runMinutes } = startWorld();
    await notify(FINDING, notifier);
    for (const n of [1, 2, 3]) {
      expect(await notify(repeat(n), notifier)).toMatchObject({ outcome: "waiting", reason: "repeat" });
    }
    await runMinutes(59);
    expect(mails).toHaveLength(1);
    await runMinutes(1);
    expect(mails.map(({ subject }) => subject)).toEqual([
      "[Gatebook high] Approved by the starter: Ana Lima on shop-release/Approve/Release",
      "[Gatebook high] 3 more: Approved by the starter: Ana Lima on shop-release/Approve/Release",
    ]);
    expect(mails[1]?.body).toMatch(/^Again: 3 times more since the last mail/m);
    expect(mails[1]?.body).toMatch(/^Further events:\n {2}- event-1\n {2}- event-2\n {2}- event-3\n/m);
    expect(bus.map(({ uid }) => uid)).toEqual([FINDING.uid, "repeat-1", "repeat-2", "repeat-3"]);
  });

  test("counts once when it comes twice", async () => {
    const { notifier, mails, runMinutes } = startWorld();
    await notify(FINDING, notifier);
    await notify(repeat(1), notifier);
    expect(await notify(repeat(1), notifier)).toEqual({ outcome: "already-mailed" });
    await runMinutes(60);
    expect(mails[1]?.subject).toContain("1 more");
  });

  test("is one mail an hour however long it goes on", async () => {
    const { notifier, mails, runMinutes } = startWorld();
    await notify(FINDING, notifier);
    for (let n = 1; n <= 180; n += 1) {
      await notify(repeat(n), notifier);
      await runMinutes(1);
    }
    expect(mails).toHaveLength(4);
    const more = mails.slice(1).map(({ subject }) => Number(/(\d+) more/.exec(subject)?.[1]));
    expect(more.reduce((sum, count) => sum + count, 0)).toBe(180);
  });

  test("is a mail each where repeatAfterMinutes is 0", async () => {
    const { notifier, mails, runMinutes } = startWorld({ alerts: { repeatAfterMinutes: 0 } });
    for (const finding of [FINDING, repeat(1), repeat(2)]) await notify(finding, notifier);
    await runMinutes(5);
    expect(mails).toHaveLength(3);
  });

  test("is one mail where two workers have one each at the same time", async () => {
    const { notifier, mails } = startWorld();
    const notices = await Promise.all([repeat(1), repeat(2)].map((finding) => notify(finding, notifier)));
    expect(notices.map(({ outcome }) => outcome).sort()).toEqual(["mailed", "waiting"]);
    expect(mails).toHaveLength(1);
  });
});

describe("a thousand findings in a minute", () => {
  test("are ten mails and a digest that counts the rest", async () => {
    const { notifier, mails, bus, runMinutes } = startWorld();
    for (let n = 0; n < 1_000; n += 1) await notify(other(n), notifier);
    await runMinutes(10);
    expect(mails).toHaveLength(11);
    expect(mails[10]?.subject).toMatch(/^\[Gatebook high\] 990 findings: 10 rules, 990 people, worst Rule \d$/);
    expect(bus).toHaveLength(1_000);
  });

  test("let one critical finding of each rule through at once", async () => {
    const { notifier, mails, runMinutes } = startWorld({ alerts: { maxMailsPerMinute: 2 } });
    for (let n = 0; n < 100; n += 1) await notify(other(n), notifier);
    const critical = (n: number) => ({ ...other(n), uid: `critical-${n}`, level: "critical", resource: "x" }) as const;
    expect(await notify(critical(1), notifier)).toMatchObject({ outcome: "mailed" });
    expect(await notify(critical(11), notifier)).toMatchObject({ outcome: "waiting", reason: "storm" });
    expect(await notify(critical(2), notifier)).toMatchObject({ outcome: "mailed" });
    await runMinutes(1);
    expect(mails).toHaveLength(2 + 2 + 1);
    expect(mails.at(-1)?.subject).toMatch(/^\[Gatebook critical\] 99 findings: /);
  });

  test("are collected while they go on, and mailed one by one when it is calm again", async () => {
    const { notifier, mails, runMinutes } = startWorld({ alerts: { maxMailsPerMinute: 2 } });
    let n = 0;
    for (let minute = 0; minute < 6; minute += 1) {
      for (const end = n + 50; n < end; n += 1) await notify(other(n), notifier);
      await runMinutes(1);
    }
    // Two, the first digest, and what came in the five minutes after it.
    expect(mails).toHaveLength(4);
    await runMinutes(6);
    expect(await notify(other(n), notifier)).toMatchObject({ outcome: "mailed" });
    expect(mails).toHaveLength(5);
  });

  test("that all repeat an hour later are a digest again", async () => {
    const { notifier, mails, runMinutes } = startWorld({ alerts: { maxMailsPerMinute: 2 } });
    for (let n = 0; n < 20; n += 1) await notify(other(n), notifier);
    for (let n = 0; n < 20; n += 1) await notify({ ...other(n), uid: `again-${n}` }, notifier);
    await runMinutes(59);
    const before = mails.length;
    await runMinutes(5);
    const later = mails.slice(before).map(({ subject }) => subject);
    expect(later).toHaveLength(3);
    expect(later[0]).toContain("18 findings: ");
  });
});

describe("a run that mails what waited", () => {
  test("leaves it to the one that is under way", async () => {
    const { notifier, clock } = startWorld();
    clock.now += MINUTE_MS;
    expect(await flush({ ...notifier, run: "one" })).toMatchObject({ outcome: "flushed" });
    expect(await flush({ ...notifier, run: "two" })).toEqual({ outcome: "busy" });
  });
});

describe("a message on the findings queue", () => {
  test("is the finding that was sent, with what a later version adds", () => {
    const finding = { ...FINDING, staged: true, raisedFrom: "low", later: { members: 1 } };
    expect(parseFinding(JSON.stringify(finding))).toEqual(finding);
  });

  test.each([
    "",
    "null",
    "{}",
    "[1]",
    '{"uid":1}',
    JSON.stringify({ ...FINDING, level: "urgent" }),
    JSON.stringify({ ...FINDING, components: "all" }),
    JSON.stringify({ ...FINDING, count: "many" }),
  ])("is refused when it is none: %s", (body) => expect(() => parseFinding(body)).toThrow(/is not a finding/));
});
