/** What nobody explains in time is told once, and a day later once more. */
import { expect, test } from "vitest";
import { HOUR_MS } from "../../../lib/core/break-glass/break-glass-index.ts";
import { UNEXPLAINED_RULE } from "../../../lib/core/break-glass/overdue-event.ts";
import { GatebookError } from "../../../lib/core/errors.ts";
import type { Finding } from "../../../lib/core/record/finding.ts";
import { ANA, BO } from "../record/views.ts";
import { DAY_MS, emergencyDesk, FIRST, SESSION, stopped, taken } from "./emergency-desk.ts";

const WHY = { do: "explain", use: SESSION, reason: "INC-42" };

async function used() {
  const desk = emergencyDesk();
  await desk.tell([taken(BO, 0), stopped(10)]);
  const findings: Finding[] = [];
  /** One run of the schedule; what it tells is recorded. */
  const run = async (at: number) => {
    desk.clock.now = at;
    const { told } = await desk.look();
    findings.push(...(await desk.tick()).flatMap((record) => record.findings));
    return told;
  };
  return { ...desk, run, findings };
}

test("nothing is told before its time, nor where nothing is open", async () => {
  const { run } = await used();
  expect(await run(FIRST + DAY_MS - 1)).toBe(0);
  const quiet = emergencyDesk();
  expect(await quiet.look()).toEqual({ sessions: 0, told: 0 });
});

test("it is told when it becomes overdue, a day later once more, and never again", async () => {
  const { run, findings } = await used();
  const told: number[] = [];
  for (let hour = 0; hour < 24 * 20; hour += 1) told.push(await run(FIRST + hour * HOUR_MS));
  expect(told.flatMap((count, hour) => (count > 0 ? [hour] : []))).toEqual([24, 48]);
  expect(findings).toMatchObject([
    { rule: UNEXPLAINED_RULE, level: "high", time: FIRST + DAY_MS, principal: SESSION, person: "bo@acme.example" },
    { rule: UNEXPLAINED_RULE, time: FIRST + 2 * DAY_MS },
  ]);
  expect(findings[0]?.why).toBe(
    `bo@acme.example used break-glass access as ${SESSION}: 2 accesses since 2026-11-24T10:00:00.000Z, UpdateService on arn:aws:ecs:eu-west-1:111122223333:service/shop/checkout first. It has not been explained within 1 day.`,
  );
  expect(findings[0]?.next.at(-1)).toContain(`npx gatebook break-glass explain ${SESSION} --reason '<why>'.`);
  expect(new Set(findings.map(({ uid }) => uid)).size).toBe(2);
});

test("a run that is repeated before the log has heard of it tells the same", async () => {
  const { look, clock, sent, tick, list } = await used();
  clock.now = FIRST + DAY_MS;
  await look();
  await look();
  const [one, other] = sent;
  expect(one).toBe(other);
  expect(await tick()).toHaveLength(1);
  expect(await list()).toMatchObject([{ state: "overdue" }]);
});

test("an access that is told late, from before the first, makes no other finding of it", async () => {
  const { run, tell, findings } = await used();
  await run(FIRST + DAY_MS);
  await tell([stopped(-600)]);
  expect(await run(FIRST + DAY_MS + HOUR_MS)).toBe(0);
  expect(findings).toHaveLength(1);
});

test("what is explained is not told, and what comes after the explanation is another use", async () => {
  const { run, ask, tick, tell, findings } = await used();
  await ask(ANA, WHY);
  await tick();
  expect(await run(FIRST + 3 * DAY_MS)).toBe(0);
  await tell([stopped(4 * 24 * 60 * 60)]);
  expect(await run(FIRST + 5 * DAY_MS - 1)).toBe(0);
  expect(await run(FIRST + 5 * DAY_MS)).toBe(1);
  expect(findings).toMatchObject([{ time: FIRST + 5 * DAY_MS }]);
});

test("an explanation after the first telling takes the reminder back", async () => {
  const { run, ask, tick } = await used();
  expect(await run(FIRST + DAY_MS)).toBe(1);
  await ask(BO, WHY);
  await tick();
  expect(await run(FIRST + 2 * DAY_MS)).toBe(0);
});

test("each session is told for itself, after days without a run too", async () => {
  const { run, tell, findings } = await used();
  const other = `${SESSION}-2`;
  await tell([stopped(5, other)]);
  expect(await run(FIRST + 10 * DAY_MS)).toBe(2);
  expect(findings.map(({ principal }) => principal).toSorted()).toEqual([SESSION, other]);
});

test("what is used again after the reminder is told anew, though nobody has explained what was before", async () => {
  const { run, tell, findings } = await used();
  await run(FIRST + DAY_MS);
  await run(FIRST + 2 * DAY_MS);
  const again = 30 * DAY_MS;
  await tell([stopped(again / 1000)]);
  expect(await run(FIRST + again + DAY_MS - 1)).toBe(0);
  expect(await run(FIRST + again + DAY_MS)).toBe(1);
  expect(await run(FIRST + again + 2 * DAY_MS)).toBe(1);
  expect(await run(FIRST + again + 3 * DAY_MS)).toBe(0);
  expect(findings[2]?.why).toContain("1 access since 2026-12-24T10:00:00.000Z");
  expect(new Set(findings.map(({ uid }) => uid)).size).toBe(4);
});

test("a session that cannot be read keeps no other from being told, and fails the run", async () => {
  const { tell, look, clock, sent, world } = await used();
  await tell([stopped(5, `${SESSION}-2`)]);
  const byTrace = world.index.byTrace;
  world.index.byTrace = async (trace) => {
    if (trace === `break-glass:${SESSION}`) throw new GatebookError("LOG_CORRUPT", "entry #7 is not as it was written");
    return byTrace(trace);
  };
  clock.now = FIRST + DAY_MS + HOUR_MS;
  await expect(look()).rejects.toThrow("1 break-glass sessions could not be looked at: entry #7");
  expect(sent.map((body) => JSON.parse(body))).toMatchObject([{ resource: `${SESSION}-2` }]);
});

test("gatebook.yml says within how many hours", async () => {
  const change = ["alerts:", "review: { explainWithinHours: 2 }\nalerts:"] as const;
  const { tell, look, clock, sent } = emergencyDesk({ change });
  await tell([stopped(0)]);
  clock.now = FIRST + 2 * HOUR_MS;
  await look();
  expect(sent.map((body) => JSON.parse(body))).toMatchObject([{ type: "break-glass.overdue" }]);
});
