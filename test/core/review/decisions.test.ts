/** Who decides what in an access review, and what counts of it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MAX_ITEMS } from "../../../lib/core/review/review-request.ts";
import { BO_DEVELOPS, DAY_MS, DI_DEPLOYS, opened, organisation, reviewDesk, START } from "./review-desk.ts";

const TRACE = "review:2026-Q4/shop";

describe("a decision", () => {
  test("is recorded under the campaign's trace, with who, what and why, and is no access", async () => {
    const { decide, told, stateOf } = await opened();
    expect(await decide("ana", "keep", BO_DEVELOPS)).toMatchObject({ status: 200 });
    expect(told("review.certified")).toMatchObject([
      {
        trace: TRACE,
        person: "ana@acme.example",
        action: "other",
        findings: [],
        event: {
          message: "ana@acme.example certifies bo@acme.example as developer of shop: looked at",
          resources: [{ uid: "bo@acme.example as developer of shop" }],
        },
      },
    ]);
    expect(await stateOf("bo@acme.example", "developer")).toMatchObject({
      state: "certified",
      decision: { by: "ana@acme.example", verdict: "keep", reason: "looked at", time: START },
      isOverdue: false,
    });
  });

  test("to remove is overdue while gatebook.yml still gives the role, and settled when it no longer does", async () => {
    const { decide, deploy, stateOf, clock, told } = await opened();
    await decide("ana", "remove", BO_DEVELOPS);
    expect(told("review.declined")).toHaveLength(1);
    expect(await stateOf("bo@acme.example", "developer")).toMatchObject({ state: "to-remove", isOverdue: false });
    clock.now = START + 14 * DAY_MS;
    expect(await stateOf("bo@acme.example", "developer")).toMatchObject({ isOverdue: true });
    const shop = "{ repositories: [x], roles: { developer: [di@acme.example], release-manager: [ana@acme.example] } }";
    deploy(organisation("", `projects: { shop: ${shop} }\n`));
    expect(await stateOf("bo@acme.example", "developer")).toMatchObject({ state: "gone", isOverdue: false });
    expect(await decide("ana", "keep", BO_DEVELOPS)).toMatchObject({
      status: 409,
      detail: expect.stringContaining("no longer gives bo@acme.example as developer of shop"),
    });
  });

  test.each([
    ["of the project's certifiers", "certifiers: [di@acme.example], ", "di", 200],
    ["of another where there are certifiers", "certifiers: [di@acme.example], ", "ana", 403],
    ["of an administrator where there are no certifiers", "administrators", "di", 200],
    ["of a release manager where there is an administrator", "administrators", "ana", 403],
    ["of a release manager where there is nobody else", "", "ana", 200],
    ["of somebody who has left", "certifiers: [cy@acme.example, ana@acme.example], ", "cy", 403],
    ["of whoever is next where all certifiers have left", "certifiers: [cy@acme.example], ", "ana", 200],
  ])("%s counts as it should", async (_, given, who, status) => {
    const administrators = given === "administrators" ? ", administrator: [di@acme.example]" : "";
    const certifiers = given === "administrators" ? "" : given;
    const roles = `roles: { developer: [bo@acme.example], release-manager: [ana@acme.example]${administrators} }`;
    const { decide } = await opened(
      organisation("", `projects: { shop: { repositories: [x], ${certifiers}${roles} } }\n`),
    );
    expect((await decide(who, "keep", BO_DEVELOPS)).status).toBe(status);
  });

  test("about oneself is refused, and counts nowhere even if it is in the log", async () => {
    const bo = "certifiers: [bo@acme.example, ana@acme.example]";
    const shop = `{ repositories: [x], ${bo}, roles: { developer: [bo@acme.example] } }`;
    const { decide, record, stateOf, told } = await opened(organisation("", `projects: { shop: ${shop} }\n`));
    expect(await decide("bo", "keep", BO_DEVELOPS)).toMatchObject({
      status: 403,
      detail: expect.stringContaining("bo@acme.example holds it: somebody else has to certify"),
    });
    await decide("ana", "keep", BO_DEVELOPS);
    const [forged] = told("review.certified").map(({ event }) => JSON.parse(event.raw_data ?? ""));
    const review = { ...forged.details.review, by: "bo@acme.example" };
    await record([JSON.stringify({ ...forged, uid: "f", time: START + 1, details: { review } })]);
    expect(await stateOf("bo@acme.example", "developer")).toMatchObject({ decision: { by: "ana@acme.example" } });
  });

  test("about one role leaves the same role elsewhere alone, and all are decided or none", async () => {
    const { decide, told, shown } = await opened();
    const nobody = { person: "zoe@acme.example", role: "developer" };
    expect((await decide("ana", "keep", DI_DEPLOYS, nobody)).status).toBe(404);
    expect(told("review.certified")).toEqual([]);
    expect((await decide("ana", "keep", { ...DI_DEPLOYS, environment: "staging" })).status).toBe(404);
    expect((await decide("ana", "keep", DI_DEPLOYS)).status).toBe(200);
    const states = (await shown()).map(({ role, state }) => `${role} ${state}`);
    expect(states).toEqual(["developer open", "developer open", "release-manager nobody", "deployer certified"]);
  });
});

test("decisions come to the same in whatever order and however often they are recorded: the latest counts", async () => {
  const { decide, clock, told } = await opened();
  const verdicts = ["keep", "remove", "keep", "remove", "remove", "keep"] as const;
  for (const [i, verdict] of verdicts.entries()) {
    clock.now = START + 1 + i * 1_000;
    await decide("ana", verdict, i % 2 === 0 ? BO_DEVELOPS : DI_DEPLOYS);
  }
  const bodies = [...told("review.certified"), ...told("review.declined")].map(({ event }) => event.raw_data ?? "");
  expect(bodies).toHaveLength(verdicts.length);
  const orders = fc.shuffledSubarray([...bodies, ...bodies], { minLength: 2 * bodies.length });
  await fc.assert(
    fc.asyncProperty(orders, fc.integer({ min: 1, max: 5 }), async (order, size) => {
      const { record, shown } = await opened();
      for (let i = 0; i < order.length; i += size) await record(order.slice(i, i + size));
      const decided = (await shown()).flatMap(({ person, decision }) => (decision ? [{ person, ...decision }] : []));
      expect(decided).toMatchObject([
        { person: "bo@acme.example", verdict: "remove", time: START + 1 + 4_000 },
        { person: "di@acme.example", verdict: "keep", time: START + 1 + 5_000 },
      ]);
    }),
    { numRuns: 20 },
  );
});

describe("a request", () => {
  const items = [BO_DEVELOPS];
  const whole = { do: "decide", project: "shop", verdict: "keep", reason: "r", items };
  test.each([
    ["no JSON", "{", 400, "the request is not JSON"],
    ["another verb", { do: "destroy" }, 400, "must be show, run or decide"],
    ["no reason", { ...whole, reason: "  " }, 400, "reason: is empty: say why"],
    ["a long reason", { ...whole, reason: "x".repeat(501) }, 400, "reason: has more than 500 characters"],
    ["a reason that turns itself round", { ...whole, reason: "ok \u202Elive" }, 400, "cannot be seen"],
    ["another verdict", { ...whole, verdict: "maybe" }, 400, "must be one of keep, remove"],
    ["nothing to decide about", { ...whole, items: [] }, 400, "names nothing to decide about"],
    ["too much at once", { ...whole, items: Array(MAX_ITEMS + 1).fill(BO_DEVELOPS) }, 400, "has more than 200"],
    ["a person of its own", { ...whole, by: "ana@acme.example" }, 400, "by"],
    ["a project that is none", { ...whole, project: "__proto__" }, 404, "is no project of gatebook.yml"],
    ["a project without roles", { do: "show", project: "bare" }, 404, "there are shop"],
    ["too many characters", " ".repeat(256 * 1024 + 1), 413, "has more than"],
  ])("with %s is refused", async (_, body, status, detail) => {
    const { ask, records } = await opened();
    const before = records.length;
    expect(await ask("ana", body)).toMatchObject({ status, detail: expect.stringContaining(detail) });
    expect(records).toHaveLength(before);
  });

  test.each(["zoe", "cy", "arn:aws:sts::111122223333:assumed-role/Admin/ana@acme.example"])(
    "of %s, who is nobody of gatebook.yml or has left, decides and opens nothing, and may look",
    async (who) => {
      const { ask } = await opened();
      expect((await ask(who, whole)).status).toBe(403);
      expect((await ask(who, { do: "run" })).status).toBe(403);
      const shown = await ask(who, { do: "show" });
      expect(shown).toMatchObject({ status: 200, unopened: [] });
      expect(shown.you).toBeUndefined();
    },
  );

  test("before a campaign is open says how to open it, and run opens it in the name of whoever asks, once", async () => {
    const { ask, told, decide } = reviewDesk();
    expect(await decide("ana", "keep", BO_DEVELOPS)).toMatchObject({
      status: 409,
      detail: expect.stringContaining("gatebook review run opens it"),
    });
    expect(await ask("bo", { do: "show" })).toMatchObject({
      campaigns: [],
      unopened: ["shop"],
      you: "bo@acme.example",
    });
    const run = await ask("bo", { do: "run" });
    expect(run).toMatchObject({ status: 200, unopened: [], campaigns: [{ project: "shop", period: "2026-Q4" }] });
    await ask("ana", { do: "run" });
    expect(told("review.opened")).toMatchObject([{ person: "bo@acme.example" }]);
  });

  test("beyond what a campaign's trace can hold is refused, and what cannot be read whole is not read in part", async () => {
    const { decide, told, record, look } = await opened();
    await decide("ana", "keep", BO_DEVELOPS);
    const [decision] = told("review.certified").map(({ event }) => JSON.parse(event.raw_data ?? ""));
    const again = (from: number, count: number) =>
      record(
        Array.from({ length: count }, (_, i) => JSON.stringify({ ...decision, uid: `d${from + i}`, time: START + i })),
      );
    await again(0, 898);
    expect(await decide("ana", "keep", BO_DEVELOPS)).toMatchObject({
      status: 409,
      detail: expect.stringContaining("has 900 events already"),
    });
    await again(898, 100);
    await expect(decide("ana", "keep", BO_DEVELOPS)).rejects.toThrow("so many events that some of them");
    await expect(look()).rejects.toThrow("could not be looked at");
  });
});

test("an index that names another record than was written is no decision, and is told", async () => {
  const { decide, world, shown } = await opened();
  await decide("ana", "remove", BO_DEVELOPS);
  await decide("ana", "keep", DI_DEPLOYS);
  const { byTrace } = world.index;
  world.index.byTrace = async (trace) => {
    const entries = await byTrace(trace);
    const [kept] = entries.filter(({ operation }) => operation === "review.certified");
    const logIndex = kept?.logIndex ?? 0;
    return entries.map((entry) => (entry.operation === "review.declined" ? { ...entry, logIndex } : entry));
  };
  await expect(shown()).rejects.toThrow("of the evidence log is not as it was recorded");
});
