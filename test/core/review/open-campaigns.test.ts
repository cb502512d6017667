/** A period's reviews are opened once, and what is overdue is told once a week. */
import { describe, expect, test } from "vitest";
import { GatebookError } from "../../../lib/core/errors.ts";
import { BO_DEVELOPS, DAY_MS, DI_DEPLOYS, organisation, reviewDesk, START } from "./review-desk.ts";

const TRACE = "review:2026-Q4/shop";

describe("the daily look", () => {
  test("opens a campaign with all that people hold, under a trace of its own", async () => {
    const { look, told, shown } = reviewDesk();
    expect(await look()).toEqual({ opened: ["shop"], overdue: [] });
    expect(told("review.opened")).toMatchObject([
      { trace: TRACE, action: "other", event: { metadata: { uid: `review.opened:${TRACE}:1` } } },
    ]);
    const due = START + 14 * DAY_MS;
    expect(await shown()).toMatchObject([
      { person: "bo@acme.example", role: "developer", state: "open", certifiers: ["ana@acme.example"], due },
      { person: "di@acme.example", role: "developer", state: "open", due },
      { person: "ana@acme.example", role: "release-manager", state: "nobody", certifiers: [] },
      { person: "di@acme.example", role: "deployer", environment: "production", state: "open", due },
    ]);
  });

  test("opens it once, however often it runs, and another in the next period", async () => {
    const { look, told, clock } = reviewDesk();
    await look();
    await look();
    clock.now = Date.parse("2026-12-31T05:25:00Z");
    expect((await look()).opened).toEqual([]);
    expect(told("review.opened")).toHaveLength(1);
    clock.now = Date.parse("2027-01-01T05:25:00Z");
    expect((await look()).opened).toEqual(["shop"]);
    expect(told("review.opened").map(({ trace }) => trace)).toEqual([TRACE, "review:2027-Q1/shop"]);
  });

  test("opens one for a project that is new, with what is held there by then", async () => {
    const { look, deploy, shown } = reviewDesk();
    await look();
    const shop = "shop: { repositories: [x], roles: { developer: [bo@acme.example, ana@acme.example] } }";
    const till =
      "till: { repositories: [y], roles: { developer: [bo@acme.example], administrator: [di@acme.example] } }";
    deploy(organisation("", `projects:\n  ${shop}\n  ${till}\n  bare: {}\n`));
    expect((await look()).opened).toEqual(["till"]);
    expect((await shown("till")).map(({ role }) => role)).toEqual(["developer", "administrator"]);
    // Ana became a developer in the meantime: the next period asks about that.
    expect((await shown()).filter(({ person, role }) => person === "ana@acme.example" && role === "developer")).toEqual(
      [],
    );
  });

  test("of a role that nobody else could certify makes a finding of level low, and never holds anything up", async () => {
    const { look, told, clock, shown } = reviewDesk();
    await look();
    expect(told("review.opened")[0]?.findings).toMatchObject([
      {
        level: "low",
        rule: { title: "Role that nobody can certify" },
        resource: TRACE,
        why: expect.stringContaining("ana@acme.example as release-manager of shop"),
      },
    ]);
    clock.now = START + 60 * DAY_MS;
    const [own] = (await shown()).filter(({ person }) => person === "ana@acme.example");
    expect(own).toMatchObject({ state: "nobody", isOverdue: false });
    expect(own?.due).toBeUndefined();
  });

  test("tells what is overdue once when it becomes so, and then weekly", async () => {
    const { look, told, clock } = reviewDesk();
    await look();
    const overdue: number[] = [];
    for (let day = 1; day <= 30; day += 1) {
      clock.now = START + day * DAY_MS;
      await look();
      overdue.push(told("review.overdue").length);
    }
    expect(overdue).toEqual([...Array(13).fill(0), ...Array(7).fill(1), ...Array(7).fill(2), ...Array(3).fill(3)]);
    const [first] = told("review.overdue");
    expect(first?.findings).toMatchObject([
      {
        level: "medium",
        rule: { title: "Access review overdue" },
        why: expect.stringMatching(/bo@acme\.example as developer of shop \(not certified, due since 2026-10-15T/),
        next: [expect.any(String), expect.stringContaining("gatebook review show"), expect.any(String)],
      },
    ]);
    expect(new Set(told("review.overdue").map(({ findings }) => findings[0]?.uid)).size).toBe(3);
  });

  test("tells at once what becomes overdue beside what has been since the period before", async () => {
    const { look, told, clock, decide } = reviewDesk();
    await look();
    const developer = { person: "di@acme.example", role: "developer" };
    await decide("ana", "keep", BO_DEVELOPS, developer);
    clock.now = Date.parse("2027-01-01T05:25:00Z");
    await look();
    const before = told("review.overdue").length;
    for (let day = 1; day <= 21; day += 1) {
      clock.now += DAY_MS;
      await look();
    }
    const whys = told("review.overdue")
      .slice(before)
      .map(({ event, findings }) => [new Date(event.time).toISOString().slice(0, 10), findings[0]?.why]);
    const [both, later] = whys.slice(-2);
    expect(both).toEqual(["2027-01-15", expect.stringContaining("bo@acme.example as developer of shop")]);
    expect(later).toEqual(["2027-01-22", expect.stringContaining("bo@acme.example as developer of shop")]);
  });

  test("has nothing to tell once each is certified", async () => {
    const { look, told, clock, decide } = reviewDesk();
    await look();
    expect((await decide("ana", "keep", BO_DEVELOPS, DI_DEPLOYS, { ...DI_DEPLOYS, role: "developer" })).status).toBe(
      404,
    );
    const developer = { person: "di@acme.example", role: "developer" };
    expect((await decide("ana", "keep", BO_DEVELOPS, DI_DEPLOYS, developer)).status).toBe(200);
    clock.now = START + 20 * DAY_MS;
    expect((await look()).overdue).toEqual([]);
    expect(told("review.overdue")).toEqual([]);
  });

  test("goes on with other projects where one cannot be read, and fails then", async () => {
    const till = "  till: { repositories: [y], roles: { developer: [bo@acme.example] } }\n";
    const { look, world, told } = reviewDesk(organisation(till));
    const byTrace = world.index.byTrace;
    world.index.byTrace = async (trace) => {
      if (trace.endsWith("/shop")) throw new GatebookError("UNAVAILABLE", "the table does not answer");
      return byTrace(trace);
    };
    await expect(look()).rejects.toThrow("the access reviews of 1 projects could not be looked at");
    expect(told("review.opened").map(({ trace }) => trace)).toEqual(["review:2026-Q4/till"]);
  });
});

function thousandRoles() {
  const emails = Array.from({ length: 500 }, (_, i) => `${"long-name-".repeat(3)}${i}@acme.example`);
  const { projects, ...rest } = organisation();
  const roles = { developer: emails, reviewer: emails, "release-manager": ["ana@acme.example"] };
  return { ...rest, projects: { shop: { ...projects["shop"], roles } } as typeof projects };
}

test("a campaign of a thousand roles is opened in parts, and read back whole", async () => {
  const { look, told, shown } = reviewDesk(thousandRoles());
  await look();
  expect(told("review.opened").length).toBeGreaterThan(5);
  for (const { event } of told("review.opened")) expect(event.metadata).not.toHaveProperty("is_truncated");
  expect(await shown()).toHaveLength(1_002);
});

test("a campaign of which a part is missing is not taken for one of fewer roles", async () => {
  const { look, told } = reviewDesk(thousandRoles());
  await look();
  const [first, , ...rest] = told("review.opened").map(({ event }) => event.raw_data ?? "");
  const { look: lookAgain, record } = reviewDesk(thousandRoles());
  await record([first ?? "", ...rest]);
  await expect(lookAgain()).rejects.toMatchObject({
    errors: [{ code: "UNAVAILABLE", message: expect.stringContaining("is not recorded whole yet") }],
  });
});

test("of two openings the earlier counts", async () => {
  const desk = reviewDesk();
  await desk.look();
  const ours = desk.told("review.opened").map(({ event }) => event.raw_data ?? "");
  const more = organisation(
    "",
    "projects: { shop: { repositories: [x], roles: { developer: [ana@acme.example] } } }\n",
  );
  const later = reviewDesk(more);
  later.clock.now = START + 1_000;
  await later.look();
  const theirs = later.told("review.opened").map(({ event }) => event.raw_data ?? "");
  for (const bodies of [
    [...ours, ...theirs],
    [...theirs, ...ours],
  ]) {
    const { record, shown } = reviewDesk();
    await record(bodies);
    expect((await shown()).map(({ role }) => role)).toEqual(["developer", "developer", "release-manager", "deployer"]);
  }
});
