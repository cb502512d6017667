/** Emergency access is listed until it is explained, and what comes later is explained anew. */
import { expect, test } from "vitest";
import { answerBreakGlassRequest } from "../../../lib/core/break-glass/answer-break-glass-request.ts";
import { HOUR_MS } from "../../../lib/core/break-glass/break-glass-index.ts";
import { ANA, BO, call } from "../record/views.ts";
import { DAY_MS, emergencyDesk, FIRST, SESSION, stopped, taken } from "./emergency-desk.ts";

const WHY = { do: "explain", use: SESSION, reason: "INC-42: the pipeline was down" };
const CY = "arn:aws:iam::111122223333:user/cy";

async function used() {
  const desk = emergencyDesk();
  await desk.tell([taken(BO, 0), stopped(10), stopped(20)]);
  return desk;
}

test("a use says who, since when, how much, what first, and until when it is to be explained", async () => {
  const { list } = await used();
  expect(await list()).toEqual([
    {
      session: SESSION,
      state: "open",
      since: FIRST,
      until: FIRST + 20_000,
      due: FIRST + DAY_MS,
      accesses: 3,
      isMore: false,
      people: ["bo@acme.example"],
      others: [BO],
      first: { operation: "UpdateService", resource: "arn:aws:ecs:eu-west-1:111122223333:service/shop/checkout" },
    },
  ]);
});

test("an explanation is recorded under the name of who gave it, and the use is no longer open", async () => {
  const { ask, sent, tick, list } = await used();
  const answer = await ask(ANA, { ...WHY, ticket: "OPS-17" });
  expect(answer).toMatchObject({ status: 200, already: false, use: { session: SESSION, state: "explained" } });
  expect(sent.map((body) => JSON.parse(body))).toEqual([
    expect.objectContaining({
      type: "break-glass.explained",
      principal: ANA,
      resource: SESSION,
      trace: `break-glass:${SESSION}`,
      time: FIRST + HOUR_MS,
      message: `ana@acme.example explains what ${SESSION} did until 2026-11-24T10:00:20.000Z: ${WHY.reason} (OPS-17)`,
    }),
  ]);
  const [record] = await tick();
  expect(record).toMatchObject({ action: "other", person: "ana@acme.example", trace: `break-glass:${SESSION}` });
  expect(await list()).toEqual([]);
  expect(await list(true)).toEqual([
    {
      session: SESSION,
      state: "explained",
      since: FIRST,
      until: FIRST + 20_000,
      accesses: 3,
      isMore: false,
      people: ["bo@acme.example"],
      explained: { by: "ana@acme.example", usedIt: "no", reason: WHY.reason, ticket: "OPS-17", at: FIRST + HOUR_MS },
    },
  ]);
});

test("the record says whether whoever explains used it, where that is known", async () => {
  const usedItOf = async (desk: Awaited<ReturnType<typeof used>>, arn: string) =>
    (await desk.ask(arn, WHY)).use?.explained?.usedIt;
  expect(await usedItOf(await used(), BO)).toBe("yes");
  expect(await usedItOf(await used(), ANA)).toBe("no");
  const unknown = emergencyDesk();
  await unknown.tell([stopped(0)]);
  expect(await usedItOf(unknown, ANA)).toBe("unknown");
});

test("a session goes by its name, by the id of an event of it, and by its place in the log", async () => {
  const event = stopped(5);
  for (const use of [SESSION, String(event["eventID"]), "#0"]) {
    const { tell, ask } = emergencyDesk();
    await tell([event]);
    expect(await ask(ANA, { ...WHY, use })).toMatchObject({ status: 200, use: { session: SESSION } });
  }
});

test("what the session does later is to be explained anew, also where it is told late", async () => {
  const { tell, ask, tick, list } = await used();
  await ask(ANA, WHY);
  await tick();
  // Before somebody explained, and not on record then.
  await tell([stopped(30)]);
  expect(await list()).toMatchObject([{ since: FIRST + 30_000, accesses: 1 }]);
  await ask(BO, WHY);
  await tick();
  expect(await list()).toEqual([]);
  expect(await list(true)).toMatchObject([{ until: FIRST + 30_000 }, { until: FIRST + 20_000 }]);
});

test("what is explained is explained once", async () => {
  const { ask, sent, tick, list } = await used();
  await ask(ANA, WHY);
  await ask(ANA, WHY);
  await tick();
  expect(await list(true)).toHaveLength(1);
  expect(await ask(BO, WHY)).toMatchObject({
    status: 200,
    already: true,
    use: { explained: { by: "ana@acme.example" } },
  });
  expect(sent).toEqual([]);
});

test.each([
  ["no reason", { reason: undefined }, "reason: is missing"],
  ["an empty reason", { reason: " \n" }, "reason: is empty"],
  ["a reason that is too long", { reason: "x".repeat(2_001) }, "more than 2000 characters"],
  ["one that would move the cursor", { reason: "fine\u001b[2J" }, "cannot be seen"],
  ["one that reads backwards", { reason: "fine \u202egnihton" }, "cannot be seen"],
  ["half a character", { reason: "fine \ud800" }, "cannot be seen"],
  ["no session", { use: "" }, "use: is empty"],
  ["a ticket that is none", { ticket: 7 }, "ticket: is no text"],
  ["what nobody asks for", { until: 5 }, "Unrecognized key"],
])("refuses %s, and records nothing", async (_, change, why) => {
  const { ask, sent } = await used();
  expect(await ask(ANA, { ...WHY, ...change })).toMatchObject({ status: 400, detail: expect.stringContaining(why) });
  expect(sent).toEqual([]);
});

test.each(["{", "[]", "null", '{"do":"forget"}'])("refuses %s", async (body) => {
  const { ask } = await used();
  expect((await ask(ANA, body)).status).toBe(400);
});

test("refuses whoever is nobody of gatebook.yml, whoever left, and an unsigned request", async () => {
  const { ask, sent, world } = await used();
  const stranger = await ask("arn:aws:iam::111122223333:user/mallory", WHY);
  expect(stranger).toMatchObject({ status: 403, detail: expect.stringContaining("is nobody of gatebook.yml") });
  expect(await ask(CY, WHY)).toMatchObject({ status: 403, detail: "cy@acme.example left on 2026-10-01." });
  expect(await ask(SESSION, WHY)).toMatchObject({ status: 403 });
  const unsigned = await answerBreakGlassRequest({ body: JSON.stringify(WHY), caller: {} }, world);
  expect(unsigned.statusCode).toBe(403);
  expect(sent).toEqual([]);
});

test("says of a session that nobody knows that there is none", async () => {
  const { ask } = await used();
  for (const use of [
    "arn:aws:sts::111122223333:assumed-role/break-glass/nobody",
    "#999",
    "break-glass:x",
    "toString",
  ]) {
    expect(await ask(ANA, { ...WHY, use })).toMatchObject({
      status: 404,
      detail: expect.stringContaining("CloudTrail"),
    });
  }
});

test("a secret in the reason does not come into the log", async () => {
  const { ask, tick, written, list } = await used();
  const secret = "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";
  await ask(ANA, { ...WHY, reason: `I used the token ${secret} by hand` });
  await tick();
  for (const bytes of written) expect(Buffer.from(bytes).toString()).not.toContain(secret);
  expect(await list(true)).toMatchObject([{ explained: { reason: expect.stringContaining("[redacted:") } }]);
});

test("a tool's event that claims to be an explanation explains nothing", async () => {
  const { tell, list, world } = await used();
  const details = { session: SESSION, until: "2026-11-25T00:00:00.000Z", since: "2026-11-24T00:00:00.000Z" };
  await tell([
    {
      v: 1,
      kind: "cloudevent",
      receivedAt: FIRST,
      caller: { arn: BO, account: "111122223333", credential: "AKIAEXAMPLEBO0000001" },
      event: {
        specversion: "1.0",
        id: "1",
        source: "gatebook",
        type: "break-glass.explained",
        data: { trace: `break-glass:${SESSION}`, break_glass: { ...details, by: "ana@acme.example" } },
      },
    },
  ]);
  expect(await world.index.byTrace(`break-glass:${SESSION}`)).toEqual([]);
  expect(await list()).toHaveLength(1);
  expect(await list(true)).toHaveLength(1);
});

test("an entry of the index that claims to be one explains nothing, where the log does not say so", async () => {
  const { world, list } = await used();
  const trace = `break-glass:${SESSION}`;
  const eventKey = `${new Date(FIRST + HOUR_MS).toISOString()}#forged`;
  const forged = { principal: ANA, eventKey, action: "other" as const, operation: "break-glass.explained", trace };
  // Its place is that of another record.
  await world.index.write({ origin: "o", time: 0, from: 0, size: 1, entries: [forged] });
  expect(await world.index.byTrace(trace)).toHaveLength(1);
  expect(await list()).toMatchObject([{ state: "open" }]);
});

test("what is dated later than now is not explained beforehand, nor is what happens until then", async () => {
  const desk = emergencyDesk();
  const minutes = 60;
  await desk.tell([stopped(0), stopped(90 * minutes)]);
  expect(await desk.ask(ANA, WHY)).toMatchObject({ status: 200, use: { until: FIRST + HOUR_MS } });
  await desk.tick();
  await desk.tell([stopped(75 * minutes)]);
  expect(await desk.ask(ANA, WHY)).toMatchObject({ status: 409, detail: expect.stringContaining("explain it then") });
  desk.clock.now = FIRST + 2 * HOUR_MS;
  expect(await desk.list()).toMatchObject([{ state: "open", since: FIRST + (75 * HOUR_MS) / 60, accesses: 2 }]);
});

test("that somebody did not use it is not said where not all was looked at", async () => {
  const desk = emergencyDesk();
  await desk.tell([taken(BO, 0), ...Array.from({ length: 1_200 }, (_, i) => stopped(i + 1))]);
  expect(await desk.ask(ANA, WHY)).toMatchObject({ use: { isMore: true, explained: { usedIt: "unknown" } } });
});

test("an hour of a thousand accesses is one thing to explain, and as many as it is", async () => {
  const desk = emergencyDesk();
  await desk.tell(Array.from({ length: 1_500 }, (_, i) => stopped(i)));
  expect(await desk.list()).toMatchObject([{ since: FIRST, until: FIRST + 1_499_000, accesses: 1_000, isMore: true }]);
  const hours = await desk.world.index.emergencyHours({ since: 0, until: desk.clock.now });
  expect(hours).toHaveLength(1);
  await desk.ask(ANA, WHY);
  await desk.tick();
  expect(await desk.list()).toEqual([]);
});

test("what others did in the same hours is nothing of the session's", async () => {
  const desk = emergencyDesk();
  await desk.tell([taken(BO, 0), call("ecs:UpdateService", 1, BO), call("ecs:UpdateService", 2, ANA), stopped(3)]);
  expect(await desk.list()).toMatchObject([{ accesses: 2, until: FIRST + 3_000 }]);
});
