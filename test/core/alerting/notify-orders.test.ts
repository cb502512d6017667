/** Findings come more than once, in any order and to two workers at once: each is told exactly once. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { notify } from "../../../lib/core/alerting/notify.ts";
import { MINUTE_MS, startWorld } from "./alert-world.ts";
import { findingWith } from "./findings.ts";

const GROUPS = 3;
const PER_GROUP = 6;
/** Within which everything that waits is told, whatever opened its window last. */
const LONG_ENOUGH_MINUTES = 60;

const finding = (n: number) =>
  findingWith({
    uid: `uid-${n}`,
    event: `event-${n}.`,
    principal: `github:user-${n % GROUPS}`,
    level: n % 5 === 0 ? "critical" : "high",
  });
const number = fc.integer({ min: 0, max: GROUPS * PER_GROUP - 1 });
/** Findings that are worked on at the same moment, and the minutes until the next ones. */
const rounds = fc.array(fc.record({ together: fc.array(number, { maxLength: 8 }), minutes: fc.nat(12) }), {
  minLength: 1,
  maxLength: 12,
});

test("each finding is told once, however the mails of a minute are limited", async () => {
  await fc.assert(
    fc.asyncProperty(rounds, fc.constantFrom(1, 2, 50), fc.constantFrom(0, 1, 10), async (drawn, perMinute, repeat) => {
      const alerts = { maxMailsPerMinute: perMinute, repeatAfterMinutes: repeat };
      const { notifier, mails, bus, deliver, runMinutes, clock } = startWorld({ alerts });
      for (const { together, minutes } of drawn) {
        await Promise.allSettled(together.map((n) => notify(finding(n), notifier)));
        await runMinutes(minutes);
      }
      const all = [...new Set(drawn.flatMap(({ together }) => together))];
      for (const n of all) expect(await deliver(finding(n))).toEqual({ outcome: "already-mailed" });
      await runMinutes(LONG_ENOUGH_MINUTES);
      const told = mails.flatMap(({ body }) => [...new Set(body.match(/event-\d+\./g))]);
      expect(told.sort()).toEqual(all.map((n) => `event-${n}.`).sort());
      expect(bus).toHaveLength(all.length);
      expect(await notifier.outbox.due(clock.now + 24 * 60 * MINUTE_MS, 100)).toEqual([]);
    }),
    { numRuns: 200 },
  );
});
