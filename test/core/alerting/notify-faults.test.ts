/** Each call that alerting makes fails, fails but is stored, or is the last one of its process: no finding is lost for it. */
import { describe, expect, test } from "vitest";
import { notify } from "../../../lib/core/alerting/notify.ts";
import { type Fault, MINUTE_MS, startWorld } from "./alert-world.ts";
import { FINDING, findingWith } from "./findings.ts";

const named = (name: string, members: object = {}) =>
  findingWith({ uid: `uid-${name}`, event: `event-${name}`, ...members });
/** A mail, its repeats, what is too much for the minute, and a critical one that goes all the same. */
const FINDINGS = [
  named("first"),
  named("repeat"),
  named("again"),
  named("storm", { principal: "arn:aws:iam::111122223333:user/bo", person: "bo@acme.example" }),
  named("critical", { principal: "root", level: "critical" }),
  named("stormy", { principal: "github:cleo", rule: { id: "other", title: "Another rule" } }),
];
const alerts = { maxMailsPerMinute: 1, repeatAfterMinutes: 10 };

async function tell(fault?: { readonly call: number; readonly kind: Fault }) {
  const world = startWorld({ alerts, ...(fault && { fault }) });
  const notices = [];
  for (const finding of FINDINGS) notices.push(await world.deliver(finding));
  await world.runMinutes(40);
  const told = new Set<string>();
  let needless = 0;
  for (const { body } of world.mails) {
    const events = new Set(body.match(/event-\w+/g));
    if ([...events].every((event) => told.has(event))) needless += 1;
    for (const event of events) told.add(event);
  }
  return { ...world, notices, told, needless };
}

const { calls, mails, notices } = await tell();
const KINDS = ["fails", "fails but is stored", "dies after it"] as const;
const FAULTS = [...calls.entries()].flatMap(([call, name]) => KINDS.map((kind) => [call, name, kind] as const));

test("without a fault, mails and digests tell of each finding", () => {
  expect(notices.map((notice) => notice?.outcome)).toEqual([
    "mailed",
    "waiting",
    "waiting",
    "waiting",
    "mailed",
    "waiting",
  ]);
  expect(mails.map(({ subject }) => subject)).toEqual([
    "[Gatebook high] Approved by the starter: Ana Lima on shop-release/Approve/Release",
    "[Gatebook critical] Approved by the starter: Ana Lima on shop-release/Approve/Release",
    "[Gatebook high] 2 findings: 2 rules, 2 people, worst Approved by the starter",
    "[Gatebook high] 2 more: Approved by the starter: Ana Lima on shop-release/Approve/Release",
  ]);
  expect(new Set(calls)).toEqual(
    new Set([
      ...["notices.claim", "notices.markTold", "notices.markDone", "windows.open", "windows.closes", "windows.take"],
      ...["outbox.put", "outbox.due", "outbox.remove", "topic.publish", "bus.put"],
    ]),
  );
});

describe("no finding is lost, and no more than one mail tells nothing new, where", () => {
  test.each(FAULTS)("call %i, %s, %s", async (call, _, kind) => {
    const world = await tell({ call, kind });
    expect([...world.told].sort()).toEqual(FINDINGS.map(({ event }) => event).sort());
    expect(world.needless).toBeLessThanOrEqual(1);
    expect(new Set(world.bus.map(({ uid }) => uid))).toEqual(new Set(FINDINGS.map(({ uid }) => uid)));
    expect(world.notices).not.toContain(undefined);
    expect(await world.notifier.outbox.due(world.clock.now + 60 * MINUTE_MS, 100)).toEqual([]);
  });
});

test("two workers that have each finding at the same time, in any order, tell of each once", async () => {
  const world = startWorld({ alerts });
  const both = [...FINDINGS, ...FINDINGS.toReversed()];
  const outcomes = await Promise.allSettled(both.map((finding) => notify(finding, world.notifier)));
  expect(outcomes.filter(({ status }) => status === "rejected")).toHaveLength(FINDINGS.length);
  // What was busy comes again.
  for (const finding of both) expect(await world.deliver(finding)).toEqual({ outcome: "already-mailed" });
  await world.runMinutes(40);
  const events = world.mails.flatMap(({ body }) => [...new Set(body.match(/event-\w+/g))]);
  expect(events.sort()).toEqual(FINDINGS.map(({ event }) => event).sort());
});

test("a finding whose mails fail for good is not acknowledged, and those that wait behind it are told", async () => {
  const world = startWorld({ alerts });
  await world.notifier.notices.claim(FINDING.uid, world.clock.now, Number.POSITIVE_INFINITY);
  expect(await world.deliver(FINDING)).toBeUndefined();
  for (const finding of FINDINGS) await world.deliver(finding);
  await world.runMinutes(40);
  for (const { event } of FINDINGS) expect(world.mails.map(({ body }) => body).join()).toContain(event);
});
