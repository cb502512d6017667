/** Correlations over all events there are: each type, with the specification's examples. */
import { describe, expect, test } from "vitest";
import { candidatesOf, correlationText, detectorOf, kindRule, matchesOf, ruleSet } from "./rule-sets.ts";

const repeat = (count: number, event: (i: number) => { kind: string; at: number; [field: string]: unknown }) =>
  Array.from({ length: count }, (_, i) => event(i));

describe("event_count", () => {
  const rules = ruleSet(
    kindRule("failed_login"),
    correlationText(
      "type: event_count\nrules: [failed_login]\ngroup-by: [computer]\ntimespan: 1h\ncondition: { gte: 100 }",
    ),
  );
  const failed = (count: number, step: number, computer = "a") =>
    repeat(count, (i) => ({ kind: "failed_login", at: i * step, computer }));

  test("finds a hundred failed logins to a computer in an hour, with the last of them", async () => {
    expect(await matchesOf(rules, failed(100, 10))).toEqual(["99:Many of them"]);
    expect(await matchesOf(rules, failed(99, 10))).toEqual([]);
  });

  test("does not count over computers, nor over more than the hour, and the hour's edges belong to it", async () => {
    expect(await matchesOf(rules, [...failed(50, 10), ...failed(50, 10, "b")])).toEqual([]);
    expect(await matchesOf(rules, failed(100, 37))).toEqual([]);
    const edge = (last: number) => [...failed(99, 0), { kind: "failed_login", at: last, computer: "a" }];
    expect(await matchesOf(rules, edge(3600))).toEqual(["99:Many of them"]);
    expect(await matchesOf(rules, edge(3601))).toEqual([]);
  });

  test("counts an event once, however often it is delivered", async () => {
    const once = failed(99, 10).map((event, i) => ({ ...event, id: String(i) }));
    expect(await matchesOf(rules, [...once, ...once])).toEqual([]);
  });

  test("says the numbers, the group and the other events", async () => {
    const [match] = (await detectorOf(rules)(candidatesOf(failed(120, 10)))).flat();
    expect(match).toMatchObject({ why: "100 events in 17 minutes, for computer a.", count: 100 });
    expect(match?.events).toHaveLength(10);
    expect(match?.events).not.toContain("99");
  });

  test("has one match for a flood, and one more for each further hour of it", async () => {
    expect(await matchesOf(rules, failed(350, 10))).toHaveLength(1);
    expect((await matchesOf(rules, failed(1_000, 10))).length).toBeLessThan(5);
  });

  test("an event without a field of the group is in none", async () => {
    expect(
      await matchesOf(
        rules,
        repeat(200, (at) => ({ kind: "failed_login", at })),
      ),
    ).toEqual([]);
  });
});

test("value_count counts different values, each once, and several fields together", async () => {
  const of = (field: string) =>
    ruleSet(
      kindRule("failed"),
      correlationText(
        `type: value_count\nrules: [failed]\ngroup-by: [computer, station]\ntimespan: 1d\ncondition: { field: ${field}, gt: 3 }`,
      ),
    );
  const users = (...names: string[]) =>
    names.map((user, at) => ({ kind: "failed", at, computer: "c", station: "s", user, from: at % 2 }));
  expect(await matchesOf(of("user"), users("a", "b", "a", "c", "b", "d"))).toEqual(["5:Many of them"]);
  expect(await matchesOf(of("user"), users("a", "b", "a", "c", "b"))).toEqual([]);
  expect(await matchesOf(of("[user, from]"), users("a", "b", "b", "a"))).toEqual(["3:Many of them"]);
  expect(
    await matchesOf(of("user"), [{ kind: "failed", at: 0, computer: "c", station: "s", user: ["a", "b", "c", "d"] }]),
  ).toEqual(["0:Many of them"]);
});

describe("temporal", () => {
  const of = (type: string, condition = "") =>
    ruleSet(
      ...["recon_a", "recon_b", "recon_c"].map((name) => kindRule(name)),
      correlationText(
        `type: ${type}\nrules: [recon_a, recon_b, recon_c]\ngroup-by: [computer, user]\ntimespan: 5m\n${condition}`,
      ),
    );
  const row = (kinds: string, step = 60, user = "u") =>
    [...kinds].map((kind, i) => ({ kind: `recon_${kind}`, at: i * step, computer: "c", user }));

  test("finds all rules in any order within the time, on one computer by one user", async () => {
    expect(await matchesOf(of("temporal"), row("cab"))).toEqual(["2:Many of them"]);
    expect(await matchesOf(of("temporal"), row("ccaa"))).toEqual([]);
    expect(await matchesOf(of("temporal"), row("cab", 160))).toEqual([]);
    expect(await matchesOf(of("temporal"), [...row("ca"), ...row("b", 60, "v")])).toEqual([]);
  });

  test("says which of its rules matched, by their titles", async () => {
    const [match] = (await detectorOf(of("temporal_ordered"))(candidatesOf(row("acbac", 30)))).flat();
    expect(match?.why).toBe("recon_a; recon_b; recon_c, in this order, in 2 minutes, for computer c, user u.");
    const [two] = (await detectorOf(of("temporal", "condition: { gte: 2 }"))(candidatesOf(row("ca", 0)))).flat();
    expect(two?.why).toBe("recon_a; recon_c at the same time, for computer c, user u.");
  });

  test("a count of rules is enough where the condition says so", async () => {
    expect(await matchesOf(of("temporal", "condition: { gte: 2 }"), row("ccb"))).toEqual(["2:Many of them"]);
  });

  test("ordered takes them in their order only", async () => {
    expect(await matchesOf(of("temporal_ordered"), row("abc"))).toEqual(["2:Many of them"]);
    expect(await matchesOf(of("temporal_ordered"), row("acbac", 30))).toEqual(["4:Many of them"]);
    expect(await matchesOf(of("temporal_ordered"), row("cba"))).toEqual([]);
    expect(await matchesOf(of("temporal_ordered", "condition: { gt: 1 }"), row("cac"))).toEqual(["2:Many of them"]);
  });

  test("events of one time are in either order, and one event is no row", async () => {
    expect(await matchesOf(of("temporal_ordered"), row("cab", 0))).toHaveLength(1);
    const both = ruleSet(
      kindRule("first"),
      `title: other\nname: other\nid: 11111111-2222-4333-8444-000000000001\nlevel: low\nlogsource: { product: test }\ndetection: { s: { kind: first }, condition: s }\n`,
      correlationText("type: temporal_ordered\nrules: [first, other]\ngroup-by: []\ntimespan: 5m"),
    );
    expect(await matchesOf(both, [{ kind: "first", at: 0 }])).toEqual([]);
    expect(
      await matchesOf(both, [
        { kind: "first", at: 0 },
        { kind: "first", at: 1 },
      ]),
    ).toEqual(["1:Many of them"]);
  });
});

describe("conditions that later events can undo are judged over whole periods of time", () => {
  const of = (type: string, condition: string) =>
    ruleSet(
      kindRule("sent"),
      correlationText(`type: ${type}\nrules: [sent]\ngroup-by: [host]\ntimespan: 1h\ncondition: ${condition}`),
    );
  const sent = (...bytes: unknown[]) => bytes.map((value, at) => ({ kind: "sent", at, host: "h", bytes: value }));

  test.each([
    ["event_count", "{ lt: 3 }", [1, 1], true],
    ["event_count", "{ lt: 3 }", [1, 1, 1], false],
    ["event_count", "{ lte: 2 }", [1, 1], true],
    ["event_count", "{ eq: 2 }", [1, 1], true],
    ["event_count", "{ eq: 2 }", [1, 1, 1], false],
    ["event_count", "{ neq: 2 }", [1, 1, 1], true],
    ["event_count", "{ gt: 2, lte: 4 }", [1, 1, 1, 1], true],
    ["event_count", "{ gt: 2, lte: 4 }", [1, 1, 1, 1, 1], false],
    ["value_sum", "{ field: bytes, gt: 100 }", [60, 50], true],
    ["value_sum", "{ field: bytes, gt: 100 }", [60, 60, -50], false],
    ["value_sum", "{ field: bytes, gte: 120 }", ["60", 60], true],
    ["value_avg", "{ field: bytes, gte: 20 }", [10, 30], true],
    ["value_avg", "{ field: bytes, gte: 20 }", [10, 29], false],
    ["value_percentile", "{ field: bytes, percentile: 50, gte: 3 }", [1, 2, 3, 4], false],
    ["value_percentile", "{ field: bytes, percentile: 51, gte: 3 }", [1, 2, 3, 4], true],
    ["value_percentile", "{ field: bytes, percentile: 100, eq: 4 }", [1, 2, 3, 4], true],
    ["value_sum", "{ field: bytes, gte: 0 }", ["NaN", "1e999", null, "x", true, {}], false],
  ])("%s %s of %j: %s", async (type, condition, values, isFound) => {
    expect(await matchesOf(of(type, condition), sent(...values))).toEqual(
      isFound ? [`${values.length - 1}:Many of them`] : [],
    );
  });
});

describe("chains", () => {
  const chain = ruleSet(
    kindRule("failed"),
    kindRule("succeeded"),
    `title: Many failed logins
name: many_failed
correlation: { type: event_count, rules: [failed], group-by: [computer], timespan: 5m, condition: { gte: 3 } }
`,
    correlationText("type: temporal_ordered\nrules: [many_failed, succeeded]\ngroup-by: [user]\ntimespan: 1h"),
  );
  const failed = (at: number, user = "u") => ({ kind: "failed", at, computer: "c", user });

  test("finds failed logins that a successful one follows, by the user of the last, and says nothing of the part alone", async () => {
    const three = [failed(0), failed(1), failed(2)];
    expect(await matchesOf(chain, [...three, { kind: "succeeded", at: 9, user: "u" }])).toEqual(["3:Many of them"]);
    expect(await matchesOf(chain, [...three, { kind: "succeeded", at: 9, user: "v" }])).toEqual([]);
    expect(await matchesOf(chain, [{ kind: "succeeded", at: -9, user: "u" }, ...three])).toEqual([]);
    expect(await matchesOf(chain, three)).toEqual([]);
  });
});

test("rules of a correlation are silent, unless it says generate", async () => {
  const text = (generate: string) =>
    correlationText(`type: event_count\nrules: [failed]\ngroup-by: []\ntimespan: 5m\ncondition: { gte: 2 }`, generate);
  const events = [
    { kind: "failed", at: 0 },
    { kind: "failed", at: 1 },
  ];
  expect(await matchesOf(ruleSet(kindRule("failed"), text("")), events)).toEqual(["1:Many of them"]);
  expect(await matchesOf(ruleSet(kindRule("failed"), text("generate: true\n")), events)).toEqual([
    "0:failed",
    "1:failed",
    "1:Many of them",
  ]);
});

test("aliases name one thing that rules call differently", async () => {
  const rules = ruleSet(
    kindRule("internal_error"),
    kindRule("new_connection"),
    correlationText(`type: temporal
rules: [internal_error, new_connection]
group-by: [internal_ip, remote_ip]
timespan: 10s
aliases:
  internal_ip: { internal_error: destination.ip, new_connection: source.ip }
  remote_ip: { internal_error: source.ip, new_connection: destination.ip }`),
  );
  const error = { kind: "internal_error", at: 0, source: { ip: "198.51.100.7" }, destination: { ip: "10.0.0.1" } };
  const connection = { kind: "new_connection", at: 5, source: { ip: "10.0.0.1" }, destination: { ip: "198.51.100.7" } };
  expect(await matchesOf(rules, [error, connection])).toEqual(["1:Many of them"]);
  expect(await matchesOf(rules, [error, { ...connection, source: { ip: "10.0.0.2" } }])).toEqual([]);
});

test("hostile values are groups and values like any other", async () => {
  const rules = ruleSet(
    kindRule("failed"),
    correlationText(
      "type: value_count\nrules: [failed]\ngroup-by: [who]\ntimespan: 5m\ncondition: { field: what, gte: 2 }",
    ),
  );
  const huge = "x".repeat(1_000_000);
  const event = (who: unknown, what: unknown) => ({ kind: "failed", at: 0, who, what });
  expect(await matchesOf(rules, [event(huge, `${huge}1`), event(huge, `${huge}2`)])).toEqual(["0:Many of them"]);
  expect(await matchesOf(rules, [event(`${huge}1`, "a"), event(`${huge}2`, "b")])).toEqual([]);
  expect(await matchesOf(rules, [event("__proto__", "\ud800"), event("__proto__", "\ud801")])).toHaveLength(1);
  const many = Array.from({ length: 5_000 }, (_, i) => String(i));
  expect((await matchesOf(rules, [event(many, many)])).length).toBeLessThan(20);
});
